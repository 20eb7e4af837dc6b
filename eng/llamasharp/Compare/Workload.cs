using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.LLamaSharp.Compare;

/// <summary>The requests that both runtimes get.</summary>
internal static class Workload
{
    public const int ContextLength = 2048;
    public const int MaxTokens = 96;

    private static readonly string[] Topics = ["a dragon", "the sea", "a robot", "winter"];

    public static string[] Stories { get; } = [.. Topics.Select(static topic => $"Tell me a story about {topic}.")];

    public static string Long { get; } = string.Concat(Enumerable.Range(0, 400).Select(static i => $"word {i % 10} "));

    /// <summary>Questions whose greedy answers must be the same text on both.</summary>
    public static string[] Questions { get; } =
    [
        .. "France Italy Spain Germany Norway Austria Poland Greece".Split(' ').Select(static country => $"What is the capital of {country}?"),
        .. Stories, "Is the sky blue?", "What is 2 + 3?", "Describe Rome as JSON.", "Hello!",
    ];

    public static ChatOptions Greedy(int maxTokens) => new ChatOptions { MaxOutputTokens = maxTokens, Seed = 5 }.UseSamplers(SamplerPipeline.Deterministic);

    /// <summary>Every prompt is computed, as the bare loop must.</summary>
    public static LlamaEngineOptions EngineOptions(int threads) => new()
    {
        ContextLength = ContextLength,
        Threads = threads,
        PrefixCacheSequences = 0,
    };
}
