using System.CommandLine;
using System.Globalization;

namespace DecodingLab.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Parse_NoArguments_IsTheWholeTour() => Assert.Equal(new LabCommand.Tour(new LabOptions(), Chapter: null), await RunAsync());

    [Fact]
    public async Task Parse_Chapter_TakesTheCommonOptions()
    {
        var tour = (LabCommand.Tour)await RunAsync("beam", "--model", "a.gguf", "--draft", "b.gguf", "--prompt", "@hi", "--output", "out", "--measure", "--seed", "-3", "--schema", """{"type":"integer"}""");

        Assert.Equal("beam", tour.Chapter);
        Assert.Equal(("a.gguf", "b.gguf", "@hi", "out", true, -3L), (tour.Options.ModelPath, tour.Options.Draft, tour.Options.Prompt, tour.Options.Output, tour.Options.Measure, tour.Options.Seed));
        Assert.Equal("""{"type":"integer"}""", tour.Options.Schema?.GetRawText());
    }

    [Fact]
    public void Draft_OtherModel_IsNoneUnlessNamed()
    {
        Assert.Equal(LabOptions.DefaultDraftPath, new LabOptions().Draft);
        Assert.Null(new LabOptions { ModelPath = "other.gguf" }.Draft);
    }

    [Fact]
    public async Task Parse_OtherCommands_AreRead()
    {
        Assert.Equal(new LabCommand.Compare(new LabOptions(), "{}", "b.json"), await RunAsync("compare", "{}", "b.json"));
        Assert.Equal(new LabCommand.Explain(new LabOptions(), "t.json", "beams", 4), await RunAsync("explain", "t.json", "--figure", "beams", "--position", "4"));
        Assert.Equal(new LabCommand.Calibrate(new LabOptions { Output = "out" }, 20), await RunAsync("calibrate", "--questions", "20", "-o", "out"));
        Assert.Equal(new LabCommand.Calibrate(new LabOptions { Quick = true, Json = "x.json" }, 100), await RunAsync("calibrate", "--quick", "--json", "x.json"));
        Assert.Equal(new LabCommand.Tour(new LabOptions { Measure = true, Quick = true, Json = "x.json" }, "kv-cache"), await RunAsync("kv-cache", "--measure", "--quick", "--json", "x.json"));
    }

    [Theory]
    [InlineData("--seed is 'x', but must be a whole number.", "--seed", "x")]
    [InlineData("--json is given without --measure, so nothing would be measured. Add --measure, or leave --json out.", "--json", "x.json")]
    [InlineData("--quick is given without --measure, so nothing would be measured. Add --measure, or leave --quick out.", "beam", "--quick")]
    [InlineData("--questions is '0', but must be a whole number, 1 or more.", "calibrate", "--questions", "0")]
    [InlineData("--position is '-1', but must be a whole number, 0 or more.", "explain", "t.json", "--position", "-1")]
    [InlineData("--figure is 'pie', but must be one of distribution, stages, mask, beams, contrastive, drafts, timeline.", "explain", "t.json", "--figure", "pie")]
    public void Parse_WrongValue_StatesTheRule(string message, params string[] arguments) => Assert.Equal([message], Parse(arguments).Errors.Select(static error => error.Message));

    [Fact]
    public void Parse_SchemaIsNoJson_SaysWhy() => Assert.StartsWith(
        "--schema is '{', but must be a file with a JSON schema, or the schema itself: ", Assert.Single(Parse("--schema", "{").Errors).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("--unknown")]
    [InlineData("no-chapter")]
    [InlineData("compare", "{}")]
    [InlineData("explain")]
    public void Parse_UnknownOrIncomplete_IsAnError(params string[] arguments) => Assert.NotEmpty(Parse(arguments).Errors);

    private static ParseResult Parse(params string[] arguments) => CommandLine.Parse(arguments, static _ => Task.FromResult(0));

    private static async Task<LabCommand> RunAsync(params string[] arguments)
    {
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        LabCommand? read = null;
        ParseResult result = CommandLine.Parse(arguments, command =>
        {
            read = command;
            return Task.FromResult(0);
        });
        Assert.Empty(result.Errors);
        Assert.Equal(0, await result.InvokeAsync());
        return read!;
    }
}
