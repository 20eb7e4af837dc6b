namespace LlamaProvider.Tool.Tests.Commands;

public sealed class CompletionTests : ToolTest
{
    [Fact]
    public async Task Suggest_NothingWritten_NamesTheCommands() =>
        Assert.Superset(new HashSet<string> { "pull", "list", "show", "rm", "chat", "serve", "bench", "perplexity", "quantize", "doctor" }, await SuggestAsync("llama-provider "));

    [Theory]
    [InlineData("show ")]
    [InlineData("rm ")]
    [InlineData("bench ")]
    public async Task Suggest_Model_NamesThoseOfTheCache(string command)
    {
        await RunAsync("pull", "hf:owner/repo");
        await RunAsync("pull", Url);

        Assert.Superset(new HashSet<string> { "hf:owner/repo/model-Q4_K_M.gguf", "model.gguf" }, await SuggestAsync($"llama-provider {command}"));
    }

    [Fact]
    public async Task Suggest_BeginningOfAModel_NamesThoseThatBeginSo()
    {
        await RunAsync("pull", "hf:owner/repo");
        await RunAsync("pull", Url);

        HashSet<string> words = await SuggestAsync("llama-provider chat hf:");

        Assert.Equal(["hf:owner/repo/model-Q4_K_M.gguf"], words);
    }

    [Fact]
    public async Task Suggest_OtherCache_NamesItsModels()
    {
        await RunAsync("pull", Url, "--cache", InFolder("other"));

        Assert.Contains("model.gguf", await SuggestAsync($"llama-provider --cache {InFolder("other")} show "));
        Assert.DoesNotContain("model.gguf", await SuggestAsync("llama-provider show "));
    }

    [Fact]
    public async Task Suggest_Type_NamesTheTypes() => Assert.Superset(new HashSet<string> { "Q4_K_M", "Q8_0", "F16" }, await SuggestAsync("llama-provider quantize a b "));

    private async Task<HashSet<string>> SuggestAsync(string commandLine)
    {
        ToolResult result = await RunAsync($"[suggest:{commandLine.Length}]", commandLine);
        Assert.Equal((ExitCodes.Success, ""), (result.ExitCode, result.Error));
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
