using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Engine;

/// <summary>Tokens per second of several requests at once: against the bare batched loop, against the same requests one after the other, and against node-llama-cpp.</summary>
internal sealed class ConcurrencyBench(string path, BenchmarkOptions options, BenchmarkReport report)
{
    private const int ContextLength = 4096;
    private static readonly int[] Levels = [1, 2, 4, 8, 16];

    public async Task RunAsync()
    {
        await using var engine = new BenchEngine(path, options, ContextLength, prefixCacheSequences: 0);
        using var bare = new BareBatchLoop(engine.Model, ContextLength, BenchEngine.BatchTokens, BenchEngine.Sequences, engine.Threads);
        var prompts = new ChatPromptBuilder(engine.Model, null, TimeProvider.System);
        (NodePeer? node, string? reason) = await NodePeer.StartAsync(path, ContextLength, engine.Threads);
        using NodePeer? nodePeer = node;
        int maxTokens = options.Quick ? 32 : 64;
        report.Models[engine.Name] = $"{engine.Model.Description.ParameterCount:N0} parameters, {engine.Model.Description.ByteCount:N0} bytes, {engine.Threads} threads";
        foreach (int level in Levels)
        {
            ChatMessage[] questions = [.. Enumerable.Range(0, level).Select(BenchEngine.Story)];
            List<int>[] tokens = [.. questions.Select(question => prompts.Build([question], null))];
            Func<Task<int>> together = () => TogetherAsync(engine.Client, questions, maxTokens);
            Func<Task<int>> loop = () => Task.FromResult(bare.Generate(tokens, maxTokens));
            if (await together() is int ours && await loop() is int peer && Math.Abs(ours - peer) > peer / 10)
            {
                throw new InvalidOperationException($"{engine.Name}: the engine generated {ours} tokens and the bare loop {peer} for the same prompts.");
            }

            await CompareAsync($"{level} at once, {engine.Name}", "bare batched loop", together, loop);
            if (node is not null)
            {
                await CompareAsync($"{level} at once, {engine.Name}", NodePeer.Name, together, repeats => node.RateAsync(tokens, maxTokens, repeats));
            }
            else
            {
                report.Rows.Add(new BenchmarkRow($"{level} at once, {engine.Name}", await Comparison.RateAsync(together, 1), NodePeer.Name, null, "tok/s", null, null, reason));
            }

            if (level > 1)
            {
                await CompareAsync($"{level} at once, {engine.Name}", "one after the other", together, () => InTurnAsync(engine.Client, questions, maxTokens));
            }
        }
    }

    private Task CompareAsync(string figure, string peer, Func<Task<int>> ours, Func<Task<int>> other) =>
        CompareAsync(figure, peer, ours, repeats => Comparison.RateAsync(other, repeats));

    private async Task CompareAsync(string figure, string peer, Func<Task<int>> ours, Func<int, Task<double>> other)
    {
        long start = Stopwatch.GetTimestamp();
        await ours();
        int repeats = Math.Clamp((int)((options.Quick ? 0.15 : 0.8) / Stopwatch.GetElapsedTime(start).TotalSeconds), 1, 30);
        (double[] oursValues, double[] peerValues) = await Comparison.AlternateAsync(options.Rounds, () => Comparison.RateAsync(ours, repeats), () => other(repeats));
        report.Rows.Add(Comparison.ToRow(figure, peer, "tok/s", higherIsBetter: true, oursValues, peerValues));
    }

    private static async Task<int> TogetherAsync(LlamaChatClient client, ChatMessage[] questions, int maxTokens)
    {
        ChatResponse[] responses = await Task.WhenAll(questions.Select(question => client.GetResponseAsync([question], BenchEngine.Greedy(maxTokens))));
        return (int)responses.Sum(response => response.Usage!.OutputTokenCount!.Value);
    }

    private static async Task<int> InTurnAsync(LlamaChatClient client, ChatMessage[] questions, int maxTokens)
    {
        long tokens = 0;
        foreach (ChatMessage question in questions)
        {
            tokens += (await client.GetResponseAsync([question], BenchEngine.Greedy(maxTokens))).Usage!.OutputTokenCount!.Value;
        }

        return (int)tokens;
    }
}
