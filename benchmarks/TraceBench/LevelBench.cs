using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Native;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;
using TraceLevel = LlamaProvider.Decoding.Tracing.TraceLevel;

namespace LlamaProvider.Benchmarks.Trace;

/// <summary>Microseconds a token of the same answers at each level of tracing, beside the same answers untraced, in turn. Off is compared with off, which shows what the comparison itself can tell.</summary>
internal sealed class LevelBench(string path, BenchmarkOptions options, BenchmarkReport report)
{
    private const string Peer = "untraced";
    private static readonly string[] Topics = ["a dragon", "the sea", "a robot", "winter"];

    private int MaxTokens => options.Quick ? 48 : 96;

    public async Task RunAsync()
    {
        string name = Path.GetFileNameWithoutExtension(path);
        using LlamaCppModel model = LlamaCppModel.Load(path, new LlamaCppModelOptions(), null, CancellationToken.None);
        int threads = options.Threads ?? ContextPlan.DefaultThreads(model);
        await using LlamaEngine engine = LlamaEngine.Create(model, new LlamaEngineOptions { ContextLength = 2048, Threads = threads });
        using LlamaChatClient client = engine.CreateChatClient();
        report.Models[name] = $"{model.Description.ParameterCount:N0} parameters, {model.Vocabulary.Count:N0} tokens, {threads} threads";
        TraceLevel?[] levels = [null, .. Enum.GetValues<TraceLevel>()];
        foreach (TraceLevel? level in levels)
        {
            await CompareAsync(client, name, level);
        }

        await MeasureSizeAsync(client, name);
    }

    private static ChatOptions Options(TraceLevel? level, int maxTokens)
    {
        var chat = new ChatOptions { MaxOutputTokens = maxTokens, Seed = 1 };
        return level is { } traced ? chat.CaptureTrace(traced) : chat;
    }

    private async Task CompareAsync(LlamaChatClient client, string name, TraceLevel? level)
    {
        int repeats = await CalibrateAsync(client);
        (double[] ours, double[] peer) = await Comparison.AlternateAsync(
            options.Rounds, () => MicrosecondsAsync(client, level, repeats), () => MicrosecondsAsync(client, null, repeats));
        string figure = level is { } traced ? $"tracing at level {traced}" : "tracing off";
        report.Rows.Add(Comparison.ToRow($"{figure}, a token, {name}", Peer, "µs", higherIsBetter: false, ours, peer));
    }

    private async Task<double> MicrosecondsAsync(LlamaChatClient client, TraceLevel? level, int repeats)
    {
        long started = Stopwatch.GetTimestamp();
        long tokens = 0;
        for (int i = 0; i < repeats; i++)
        {
            foreach (string topic in Topics)
            {
                ChatResponse response = await client.GetResponseAsync($"Tell me a story about {topic}.", Options(level, MaxTokens));
                tokens += response.Usage!.OutputTokenCount!.Value;
            }
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / tokens;
    }

    private async Task<int> CalibrateAsync(LlamaChatClient client)
    {
        await MicrosecondsAsync(client, null, 1);
        long started = Stopwatch.GetTimestamp();
        await MicrosecondsAsync(client, null, 1);
        return Math.Clamp((int)((options.Quick ? 0.25 : 0.6) / Stopwatch.GetElapsedTime(started).TotalSeconds), 1, 50);
    }

    /// <summary>What a trace weighs as JSON.</summary>
    private async Task MeasureSizeAsync(LlamaChatClient client, string name)
    {
        foreach (TraceLevel level in Enum.GetValues<TraceLevel>())
        {
            AnswerTrace trace = LlamaProvider.Tracing.TraceResponseExtensions.GetTrace(await client.GetResponseAsync("Tell me a story about the sea.", Options(level, MaxTokens)));
            report.Rows.Add(new BenchmarkRow($"trace at level {level} as JSON, a token, {name}", (double)trace.ToJson().Length / trace.Tokens.Count, null, null, "bytes", null, null, "no peer"));
        }
    }
}
