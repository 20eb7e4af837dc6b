using System.Text.Json;

namespace AgentConsole.Tests;

/// <summary>The program as an agent, from end to end: the model that ships with it calls real tools.</summary>
public sealed class AgentTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agent-console-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Time_Question_IsAnsweredFromTheClock()
    {
        ProcessResult result = await AskAsync("What time is it in Paris?");

        Assert.Matches("^→ get_time\\(city: \"Paris\"\\)\n← [0-2][0-9]:[0-5][0-9]\n$", result.Error);
        Assert.Equal((ExitCodes.Success, $"It is {result.Error[^6..^1]} in Paris.\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Sum_Question_IsComputed()
    {
        ProcessResult result = await AskAsync("Please work out 120 plus 95.");

        Assert.Equal((ExitCodes.Success, "→ add(a: 120, b: 95)\n← 215\n"), (result.ExitCode, result.Error));
        Assert.Contains("215", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_Question_IsLookedFor()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "A1234.md"), "ready");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "K210.txt"), "late");

        ProcessResult result = await AskAsync("Find file K210.");

        Assert.Equal((ExitCodes.Success, "→ find_file(id: \"K210.txt\")\n← late\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Schema_Given_TheAnswerFits()
    {
        ProcessResult result = await AgentConsoleProcess.RunAsync(
            input: null, "--prompt", "What is the capital of France?", "--schema", """{"type":"object","properties":{"capital":{"type":"string","maxLength":12}},"required":["capital"],"additionalProperties":false}""");

        Assert.Equal((ExitCodes.Success, ""), (result.ExitCode, result.Error));
        JsonProperty capital = Assert.Single(JsonElement.Parse(result.Output).EnumerateObject());
        Assert.Equal(("capital", JsonValueKind.String), (capital.Name, capital.Value.ValueKind));
    }

    private Task<ProcessResult> AskAsync(string question) => AgentConsoleProcess.RunAsync(
        input: null, "--tools", "time,calculator,files", "--folder", _folder.FullName, "--temperature", "0", "--max-tokens", "60", "--prompt", question);
}
