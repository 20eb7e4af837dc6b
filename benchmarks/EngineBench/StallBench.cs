using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Engine;

/// <summary>What a running stream feels of a 2,000-token prompt beside it: the longest pause between two of its updates.</summary>
internal sealed class StallBench(string path, BenchmarkOptions options, BenchmarkReport report)
{
    private const int PromptTokens = 1900;

    public async Task RunAsync()
    {
        await using var engine = new BenchEngine(path, options, contextLength: 4096, prefixCacheSequences: 0);
        var longest = new double[options.Rounds];
        var chunk = new double[options.Rounds];
        for (int round = -1; round < options.Rounds; round++)
        {
            string words = engine.Words(PromptTokens, round + 50);
            double prompt = await TimePromptAsync(engine, words);
            double pause = await LongestPauseAsync(engine, words);
            if (round >= 0)
            {
                longest[round] = pause;
                chunk[round] = prompt;
            }
        }

        report.Rows.Add(Comparison.ToRow(
            $"longest pause of a stream beside a {PromptTokens}-token prompt, {engine.Name}", "the whole prompt at once", "ms", higherIsBetter: false, longest, chunk));
    }

    private static async Task<double> TimePromptAsync(BenchEngine engine, string words)
    {
        long start = Stopwatch.GetTimestamp();
        await engine.Client.GetResponseAsync([new ChatMessage(ChatRole.User, words)], BenchEngine.Greedy(1));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<double> LongestPauseAsync(BenchEngine engine, string words)
    {
        Task<ChatResponse>? prompt = null;
        double longest = 0;
        long last = 0;
        await foreach (ChatResponseUpdate update in engine.Client.GetStreamingResponseAsync([BenchEngine.Story(0)], BenchEngine.Greedy(200)))
        {
            if (prompt is null)
            {
                prompt = engine.Client.GetResponseAsync([new ChatMessage(ChatRole.User, words)], BenchEngine.Greedy(1));
                last = Stopwatch.GetTimestamp();
            }
            else if (prompt is { IsCompleted: false })
            {
                longest = Math.Max(longest, Stopwatch.GetElapsedTime(last).TotalMilliseconds);
                last = Stopwatch.GetTimestamp();
            }
        }

        await prompt!;
        return longest;
    }
}
