using AgentConsole.Tools;
using Microsoft.Extensions.AI;

namespace AgentConsole.Tests.Tools;

public class ToolSetTests
{
    private static readonly string Server = $"\"{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}\" \"{Path.Combine(AppContext.BaseDirectory, "McpTestServer.dll")}\"";

    [Fact]
    public async Task Create_EveryTool_HasItsFunctions()
    {
        await using ToolSet tools = await CreateAsync(new() { Tools = ToolSet.Names, Folder = AppContext.BaseDirectory });

        Assert.Equal(["get_time", "add", "subtract", "multiply", "divide", "find_file", "search_files"], tools.Functions.Select(function => function.Name));
        Assert.DoesNotContain(tools.Functions, function => tools.NeedsApproval(function.Name));
    }

    [Fact]
    public async Task Create_McpServer_OffersItsTools()
    {
        await using ToolSet tools = await CreateAsync(new() { Tools = ["time"], McpCommands = [Server] });

        Assert.Equal(["get_time", "get_weather"], tools.Functions.Select(function => function.Name));
        Assert.Equal([false, true], tools.Functions.Select(function => tools.NeedsApproval(function.Name)));
        Assert.Contains("Rain in Oslo.", (await tools.Functions[1].InvokeAsync(new AIFunctionArguments { ["city"] = "Oslo" }))?.ToString());
    }

    [Theory]
    [InlineData(nameof(ApprovalRule.All), true)]
    [InlineData(nameof(ApprovalRule.None), false)]
    public async Task NeedsApproval_Rule_Decides(string rule, bool needs)
    {
        await using ToolSet tools = await CreateAsync(new() { Tools = ["time"], Approval = Enum.Parse<ApprovalRule>(rule) });

        Assert.Equal(needs, tools.NeedsApproval("get_time"));
    }

    [Fact]
    public async Task Create_NoSuchFolder_SaysWhichAndWhatToDo()
    {
        ToolException error = await Assert.ThrowsAsync<ToolException>(() => CreateAsync(new() { Tools = ["files"], Folder = "nowhere" }));

        Assert.Equal("--folder is 'nowhere', but there is no such folder. Name one that exists, or leave 'files' out of --tools.", error.Message);
    }

    [Fact]
    public async Task Create_NoSuchServer_NamesItsCommand()
    {
        ToolException error = await Assert.ThrowsAsync<ToolException>(() => CreateAsync(new() { McpCommands = ["no-such-server --fast"] }));

        Assert.StartsWith("The MCP server 'no-such-server --fast' cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Check the command by running it, or leave --mcp out.", error.Message, StringComparison.Ordinal);
    }

    private static Task<ToolSet> CreateAsync(ConsoleOptions options) => ToolSet.CreateAsync(options, TimeProvider.System, loggerFactory: null, CancellationToken.None);
}
