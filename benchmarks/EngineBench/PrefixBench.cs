using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Engine;

/// <summary>Time to the first token of a conversation's second turn, with the first turn kept and without.</summary>
internal sealed class PrefixBench(string path, BenchmarkOptions options, BenchmarkReport report)
{
    private static readonly int[] Histories = [512, 1500];

    public async Task RunAsync()
    {
        await using var cached = new BenchEngine(path, options, contextLength: 2048, prefixCacheSequences: 8);
        await using var uncached = new BenchEngine(path, options, contextLength: 2048, prefixCacheSequences: 0);
        int salt = 0;
        foreach (int history in Histories)
        {
            (double[] ours, double[] peer) = await Comparison.AlternateAsync(
                options.Rounds,
                () => SecondTurnAsync(cached, history, ++salt, isCached: true),
                () => SecondTurnAsync(uncached, history, salt, isCached: false));
            report.Rows.Add(Comparison.ToRow(
                $"time to first token, second turn after {history} tokens, {cached.Name}", "without prefix cache", "ms", higherIsBetter: false, ours, peer));
        }
    }

    private static async Task<double> SecondTurnAsync(BenchEngine engine, int history, int salt, bool isCached)
    {
        List<ChatMessage> messages = [new(ChatRole.User, engine.Words(history, salt))];
        messages.AddMessages(await engine.Client.GetResponseAsync(messages, BenchEngine.Greedy(4)));
        messages.Add(new ChatMessage(ChatRole.User, "And then?"));
        long start = Stopwatch.GetTimestamp();
        ChatResponse response = await engine.Client.GetResponseAsync(messages, BenchEngine.Greedy(1));
        double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        long expected = isCached ? history * 9L / 10 : 0;
        if (response.Usage!.CachedInputTokenCount < expected || (!isCached && response.Usage.CachedInputTokenCount > 0))
        {
            throw new InvalidOperationException($"{response.Usage.CachedInputTokenCount} of {response.Usage.InputTokenCount} tokens were cached, so the comparison says nothing.");
        }

        return elapsed;
    }
}
