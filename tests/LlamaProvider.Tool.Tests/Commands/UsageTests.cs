namespace LlamaProvider.Tool.Tests.Commands;

public sealed class UsageTests : ToolTest
{
    [Theory]
    [InlineData("bench m --prompt -1", "--prompt is '-1', but must be a whole number, 0 or more.")]
    [InlineData("bench m --batch 1,x", "--batch is '1,x', but must be whole numbers from 1 to 256, with commas between them.")]
    [InlineData("bench m --batch 257", "--batch is '257', but must be whole numbers from 1 to 256, with commas between them.")]
    [InlineData("bench m --repetitions 0", "--repetitions is '0', but must be a whole number from 1 to 1000.")]
    [InlineData("bench m --prompt 0 --generate 0", "--prompt and --generate are both 0, so there is nothing to measure. Raise one of them.")]
    [InlineData("chat m --temperature -1", "--temperature is '-1', but must be a number, 0 or more.")]
    [InlineData("chat m --threads 513", "--threads is '513', but must be a whole number from 1 to 512.")]
    [InlineData("serve m --port 65536", "--port is '65536', but must be a whole number from 0 to 65535.")]
    [InlineData("perplexity m t --window 3", "--window is '3', but must be a whole number, 4 or more.")]
    public async Task Value_OutOfRange_IsSaidWithExitCode2(string commandLine, string message) =>
        Assert.Equal(new ToolResult(ExitCodes.WrongUsage, "", $"{message}\n--help lists commands and options.\n"), await RunAsync(commandLine.Split(' ')));

    [Theory]
    [InlineData("")]
    [InlineData("frobnicate")]
    [InlineData("pull")]
    [InlineData("list --frobnicate")]
    [InlineData("chat m --json")]
    public async Task Usage_Wrong_IsSaidWithExitCode2(string commandLine)
    {
        ToolResult result = await RunAsync(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((ExitCodes.WrongUsage, ""), (result.ExitCode, result.Output));
        Assert.EndsWith("--help lists commands and options.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Type_Unknown_ListsTheTypes()
    {
        ToolResult result = await RunAsync("quantize", "a", "b", "Q9");

        Assert.Equal(ExitCodes.WrongUsage, result.ExitCode);
        Assert.StartsWith("type is 'Q9', but must be one of F32, F16, BF16, Q8_0,", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_Asked_NamesCommandsAndExitCodes()
    {
        ToolResult result = await RunAsync("--help");

        Assert.Equal((ExitCodes.Success, ""), (result.ExitCode, result.Error));
        Assert.All(["pull <model>", "list", "show <model>", "rm <model>", "chat <model>", "serve <model>", "bench <model>", "perplexity <model> <text>", "quantize <model> <output> <type>", "doctor", "130 interrupted"],
            text => Assert.Contains(text, result.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("show")]
    [InlineData("chat")]
    [InlineData("bench")]
    public async Task Model_Unknown_IsOneLineWithExitCode1(string command) => Assert.Equal(
        new ToolResult(ExitCodes.Failure, "", "There is no model 'x'. Name a file, a name that 'list' shows, hf:OWNER/REPO:QUANTIZATION, hf:OWNER/REPO/FILE.gguf or an address; 'pull' downloads a model.\n"),
        await RunAsync(command, "x"));

    [Fact]
    public async Task Verbose_Error_HasItsStackTrace()
    {
        ToolResult result = await RunAsync("show", "x", "--verbose");

        Assert.Equal(ExitCodes.Failure, result.ExitCode);
        Assert.Contains("   at LlamaProvider.Tool.", result.Error, StringComparison.Ordinal);
    }
}
