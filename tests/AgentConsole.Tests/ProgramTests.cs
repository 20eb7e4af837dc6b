using System.Diagnostics;
using System.Globalization;

namespace AgentConsole.Tests;

/// <summary>The program from end to end, with the model that ships with it.</summary>
public class ProgramTests
{
    private const string Question = "What is the capital of France?";
    private const string Answer = "The capital of France is Paris.\n";

    [Fact]
    public async Task Prompt_Question_PrintsTheAnswerAndNothingElse() =>
        Assert.Equal(new ProcessResult(ExitCodes.Success, Answer, ""), await AgentConsoleProcess.RunAsync(input: null, "--prompt", Question));

    [Fact]
    public async Task Pipe_Question_IsThePrompt() =>
        Assert.Equal(new ProcessResult(ExitCodes.Success, Answer, ""), await AgentConsoleProcess.RunAsync($"{Question}\n"));

    [Fact]
    public async Task MaxTokens_Small_CutsTheAnswer()
    {
        ProcessResult result = await AgentConsoleProcess.RunAsync(input: null, "--prompt", Question, "--max-tokens", "2");

        Assert.Equal(new ProcessResult(ExitCodes.Success, "The capital\n", ""), result);
    }

    [Fact]
    public async Task Seed_SameTwice_PrintsTheSame()
    {
        string[] arguments = ["--prompt", "Tell me a story.", "--temperature", "1.5", "--seed", "7", "--max-tokens", "30"];

        Assert.Equal(await AgentConsoleProcess.RunAsync(null, arguments), await AgentConsoleProcess.RunAsync(null, arguments));
    }

    [Fact]
    public async Task Verbose_Question_LogsToStandardErrorOnly()
    {
        ProcessResult result = await AgentConsoleProcess.RunAsync(input: null, "--prompt", Question, "--verbose");

        Assert.Equal((ExitCodes.Success, Answer), (result.ExitCode, result.Output));
        Assert.Contains("LlamaProvider.Native", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Error);
    }

    [Fact]
    public async Task Model_Missing_IsOneLineOnStandardError()
    {
        ProcessResult result = await AgentConsoleProcess.RunAsync(input: null, "--prompt", Question, "--model", "missing.gguf");

        Assert.Equal((ExitCodes.Failure, ""), (result.ExitCode, result.Output));
        Assert.Contains("missing.gguf", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Context_TooSmallForThePrompt_IsAnErrorWithBothNumbers()
    {
        ProcessResult result = await AgentConsoleProcess.RunAsync(string.Join(' ', Enumerable.Repeat("word", 500)), "--context", "256");

        Assert.Equal((ExitCodes.Failure, ""), (result.ExitCode, result.Output));
        Assert.Contains("the context holds 256", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--frobnicate")]
    [InlineData("--max-tokens", "none")]
    [InlineData("positional")]
    public async Task Usage_Wrong_IsSaidWithExitCode2(params string[] arguments)
    {
        ProcessResult result = await AgentConsoleProcess.RunAsync(input: null, arguments);

        Assert.Equal((ExitCodes.WrongUsage, ""), (result.ExitCode, result.Output));
        Assert.EndsWith("--help lists the options.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipe_Empty_IsWrongUsage()
    {
        ProcessResult result = await AgentConsoleProcess.RunAsync(input: "");

        Assert.Equal(new ProcessResult(ExitCodes.WrongUsage, "", "There is no prompt: --prompt and standard input are empty.\n"), result);
    }

    [Fact]
    public async Task Help_Asked_NamesOptionsAndExitCodes()
    {
        ProcessResult result = await AgentConsoleProcess.RunAsync(input: null, "--help");

        Assert.Equal((ExitCodes.Success, ""), (result.ExitCode, result.Error));
        Assert.All(["--model <PATH>", "--prompt <TEXT>", "--context <N>", "130 interrupted"], text => Assert.Contains(text, result.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Interrupt_LongAnswer_EndsWithExitCode130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no kill -INT.");
        ProcessResult result = new(ExitCodes.Success, "", "");

        // Random words go on for thousands of tokens as a rule, but may end at once; of several answers one is long enough to be interrupted.
        for (int seed = 1; seed <= 10 && result.ExitCode == ExitCodes.Success; seed++)
        {
            using var process = AgentConsoleProcess.Start(
                "--prompt", "Tell me a story.", "--temperature", "100", "--context", "20000", "--seed", seed.ToString(CultureInfo.InvariantCulture));
            await process.Output.ReadAsync(new char[1]);
            using Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
            result = await process.EndAsync();
        }

        Assert.Equal((ExitCodes.Interrupted, ""), (result.ExitCode, result.Error));
        Assert.EndsWith("\n", result.Output, StringComparison.Ordinal);
    }
}
