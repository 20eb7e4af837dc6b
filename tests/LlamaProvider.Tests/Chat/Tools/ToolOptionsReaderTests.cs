using System.Text.Json;
using LlamaProvider.Chat.Tools;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat.Tools;

public sealed class ToolOptionsReaderTests
{
    private static readonly AIFunction Sum = AIFunctionFactory.Create((int a, int b) => a + b, "sum", "Adds.");
    private static readonly AIFunction Time = AIFunctionFactory.Create(() => "now", "time");

    [Fact]
    public void Read_NothingToCall_IsNone()
    {
        Assert.Null(ToolOptionsReader.Read(null));
        Assert.Null(ToolOptionsReader.Read(new ChatOptions { Tools = [] }));
        Assert.Null(ToolOptionsReader.Read(new ChatOptions { Tools = [Sum], ToolMode = ChatToolMode.None }));
        Assert.Null(ToolOptionsReader.Read(new ChatOptions { ToolMode = ChatToolMode.RequireAny }));
    }

    [Fact]
    public void Read_Functions_AreDeclaredWithTheirSchemas()
    {
        ToolRequest request = ToolOptionsReader.Read(new ChatOptions { Tools = [Sum, Time] })!;

        Assert.Equal(["sum", "time"], request.Tools.Select(tool => tool.Name));
        Assert.Equal("Adds.", request.Tools[0].Description);
        Assert.Equal(["a", "b"], ToolSchema.Arguments(request.Tools[0].Parameters).Select(argument => argument.Name));
        Assert.Equal((false, true), (request.IsRequired, request.AllowsSeveral));
    }

    [Fact]
    public void Read_ModesAndSeveralCalls_AreTaken()
    {
        Assert.True(ToolOptionsReader.Read(new ChatOptions { Tools = [Sum], ToolMode = ChatToolMode.RequireAny })!.IsRequired);
        Assert.False(ToolOptionsReader.Read(new ChatOptions { Tools = [Sum], AllowMultipleToolCalls = false })!.AllowsSeveral);
        ToolRequest one = ToolOptionsReader.Read(new ChatOptions { Tools = [Sum, Time], ToolMode = ChatToolMode.RequireSpecific("time") })!;
        Assert.Equal((true, "time"), (one.IsRequired, Assert.Single(one.Tools).Name));
    }

    [Fact]
    public void Read_TwoOfOneName_NamesIt()
    {
        var error = Assert.Throws<InvalidToolException>(() => ToolOptionsReader.Read(new ChatOptions { Tools = [Sum, Sum] }));

        Assert.Equal("sum", error.Tool);
        Assert.Equal("Two tools have the name 'sum', so a call could mean either. Give each a name of its own.", error.Message);
    }

    [Fact]
    public void Read_RequiredOneIsMissing_NamesWhatThereIs()
    {
        var error = Assert.Throws<InvalidToolException>(() => ToolOptionsReader.Read(new ChatOptions { Tools = [Sum, Time], ToolMode = ChatToolMode.RequireSpecific("tine") }));

        Assert.Equal("tine", error.Tool);
        Assert.Equal("ToolMode requires the function 'tine', but the tools are 'sum', 'time'. Add it to Tools, or require one of these.", error.Message);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("\"quoted\"")]
    [InlineData("größe")]
    public void Read_ANameThatCannotBeWritten_IsRefused(string name)
    {
        AIFunctionDeclaration tool = AIFunctionFactory.CreateDeclaration(name, null, JsonElement.Parse("{}"));

        var error = Assert.Throws<InvalidToolException>(() => ToolOptionsReader.Read(new ChatOptions { Tools = [tool] }));

        Assert.Equal(
            $"Tools[0] has the name '{name}', but a function's name is 1 to 128 letters, digits and the signs _ - . : / of ASCII. Rename it with AIFunctionFactoryOptions.Name.", error.Message);
    }

    [Fact]
    public void Read_AHostedTool_IsRefused()
    {
        var error = Assert.Throws<OptionNotSupportedException>(() => ToolOptionsReader.Read(new ChatOptions { Tools = [Sum, new HostedWebSearchTool()] }));

        Assert.Equal(
            "Tools[1] ('web_search') is a HostedWebSearchTool, which a hosted service would run, but a local model can call functions only. Give an AIFunction that does the same, or leave the tool out.",
            error.Message);
    }
}
