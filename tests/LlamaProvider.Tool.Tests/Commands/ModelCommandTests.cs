using System.Text.Json;
using LlamaProvider.Models.Info;
using LlamaProvider.TestSupport;

namespace LlamaProvider.Tool.Tests.Commands;

/// <summary>Commands that need a model's file, with the model that ships with the repository.</summary>
public sealed class ModelCommandTests : ToolTest
{
    [Fact]
    public async Task Show_Json_IsWhatTheFileSays()
    {
        LlamaModelInfo info = LlamaModelInfo.Read(TestFiles.PocketChat);

        JsonElement sheet = (await RunAsync("show", TestFiles.PocketChat, "--json", "--tensors", "--context", "1024", "--sequences", "2")).ReadJson();

        Assert.Equal(info.Architecture, sheet.GetProperty("architecture").GetString());
        Assert.Equal(info.ParameterCount, sheet.GetProperty("parameters").GetInt64());
        Assert.Equal("Q8_0", sheet.GetProperty("type").GetString());
        Assert.Equal(info.Tensors.Count, sheet.GetProperty("tensors").GetArrayLength());
        Assert.False(sheet.TryGetProperty("metadata", out _));
        Assert.Equal(info.EstimateMemory(new LlamaEngineOptions { ContextLength = 1024, Sequences = 2 }).TotalBytes, sheet.GetProperty("memory").GetProperty("totalBytes").GetInt64());
    }

    [Fact]
    public async Task Show_Table_HasFactsMetadataAndTensors()
    {
        ToolResult result = await RunAsync("show", "pocket-chat", "--metadata", "--tensors");

        Assert.Equal((ExitCodes.Success, ""), (result.ExitCode, result.Error));
        Assert.Matches(@"architecture +llama", result.Output);
        Assert.Matches(@"weights +5\.\d M, Q8_0, 8\.5\d bits each", result.Output);
        Assert.Matches(@"general\.architecture +llama", result.Output);
        Assert.Matches(@"token_embd\.weight +\d+ × \d+ +q8_0 +[\d.]+ [KM]iB", result.Output);
    }

    [Fact]
    public async Task Show_NameOfTheCache_IsThatModel()
    {
        Hub.Content = await File.ReadAllBytesAsync(TestFiles.PocketDraft, TestContext.Current.CancellationToken);
        await RunAsync("pull", "hf:owner/repo");

        JsonElement sheet = (await RunAsync("show", "owner/repo", "--json", "--offline")).ReadJson();

        Assert.Equal(LlamaModelInfo.Read(TestFiles.PocketDraft).ParameterCount, sheet.GetProperty("parameters").GetInt64());
        Assert.EndsWith("model-Q4_K_M.gguf", sheet.GetProperty("path").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantize_ToFewerBits_WritesTheFile()
    {
        string output = InFolder("small.gguf");

        ToolResult result = await RunAsync("quantize", TestFiles.PocketChat, output, "q4_0", "--allow-requantize", "--threads", "1", "--json");

        Assert.Equal((ExitCodes.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal("Q4_0", result.ReadJson().GetProperty("type").GetString());
        Assert.Equal(new FileInfo(output).Length, result.ReadJson().GetProperty("outputBytes").GetInt64());
        Assert.Equal("Q4_0", LlamaModelInfo.Read(output).FileType!.Name);
        Assert.StartsWith($"{output}: Q4_0, 5.4 MiB became ", (await RunAsync("quantize", TestFiles.PocketChat, output, "Q4_0", "--allow-requantize", "--overwrite", "--threads", "1")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantize_QuantizedAlready_IsRefused()
    {
        ToolResult result = await RunAsync("quantize", TestFiles.PocketChat, InFolder("small.gguf"), "Q4_0");

        Assert.Equal((ExitCodes.Failure, ""), (result.ExitCode, result.Output));
        Assert.False(File.Exists(InFolder("small.gguf")));
    }

    [Fact]
    public async Task Perplexity_Text_IsMeasured()
    {
        ToolResult result = await RunAsync("perplexity", TestFiles.PocketChat, TestFiles.PocketConversations, "--window", "128", "--max-windows", "4", "--control-tokens", "--threads", "1", "--json");

        Assert.Equal((ExitCodes.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal(4, result.ReadJson().GetProperty("windows").GetInt32());
        Assert.InRange(result.ReadJson().GetProperty("perplexity").GetDouble(), 1, 3);
        Assert.Matches(@"^\d\.\d{4} ± \d\.\d{4}, \d+ tokens of 2 windows scored\n$", (await RunAsync(
            "perplexity", "pocket-chat", TestFiles.PocketConversations, "--window", "64", "--max-windows", "2", "--control-tokens", "--threads", "1")).Output);
    }

    [Fact]
    public async Task Perplexity_NoText_SaysSo()
    {
        ToolResult result = await RunAsync("perplexity", TestFiles.PocketChat, InFolder("missing.txt"));

        Assert.Equal(ExitCodes.Failure, result.ExitCode);
        Assert.Contains("missing.txt", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_Json_HasARowForEachTest()
    {
        ToolResult result = await RunAsync("bench", TestFiles.PocketChat, "--prompt", "32", "--generate", "4", "--batch", "1,2", "--repetitions", "2", "--threads", "1", "--json");

        Assert.Equal((ExitCodes.Success, ""), (result.ExitCode, result.Error));
        JsonElement[] rows = [.. result.ReadJson().GetProperty("rows").EnumerateArray()];
        Assert.Equal(["prompt 32 1", "generate 4 1", "generate 4 2"], rows.Select(row => $"{row.GetProperty("test")} {row.GetProperty("tokens")} {row.GetProperty("batch")}"));
        Assert.All(rows, row => Assert.Equal(2, row.GetProperty("samples").GetArrayLength()));
        Assert.All(rows, row => Assert.True(row.GetProperty("tokensPerSecond").GetDouble() > 1));
        Assert.Equal("0.5.0", result.ReadJson().GetProperty("llamaCpp").GetString());
    }

    [Fact]
    public async Task Bench_Table_HasMeanAndDeviation()
    {
        ToolResult result = await RunAsync("bench", "pocket-chat", "--prompt", "0", "--generate", "4", "--batch", "3", "--repetitions", "2", "--threads", "1");

        Assert.Equal((ExitCodes.Success, ""), (result.ExitCode, result.Error));
        Assert.Matches(@"generate +4 +3 +[\d.]+ ± [\d.]+", result.Output);
        Assert.DoesNotContain("prompt", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_Prompt_PrintsTheAnswerAndNothingElse() => Assert.Equal(
        new ToolResult(ExitCodes.Success, "The capital of France is Paris.\n", ""), await RunAsync("chat", "pocket-chat", "--prompt", "What is the capital of France?", "--temperature", "0", "--threads", "1"));

    [Fact]
    public async Task Chat_Lines_AreQuestionsUntilExit() => Assert.Equal(
        new ToolResult(ExitCodes.Success, "The capital of France is Paris.\nThe capital of Italy is Rome.\n", ""),
        await RunWithInputAsync("What is the capital of France?\n\n/reset\nWhat is the capital of Italy?\n/exit\nWhat?\n", "chat", TestFiles.PocketChat, "--temperature", "0", "--threads", "1"));
}
