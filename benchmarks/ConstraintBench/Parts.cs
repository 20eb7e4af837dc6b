namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>What is run in parts, each by ours and the peer in turn.</summary>
internal static class Parts
{
    /// <summary>One of so many parts, which has items from all over: files are ordered by where their rows come from.</summary>
    public static T[] Part<T>(this IEnumerable<T> all, int number, int count) => [.. all.Where((_, index) => index % count == number)];
}
