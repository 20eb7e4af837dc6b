namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>All ways of reading a text so far, and what follows from them. Immutable but for the mask, which is a cache.</summary>
internal sealed class Configuration(RecognizerThread[] threads)
{
    public ReadOnlySpan<RecognizerThread> Threads => threads;

    /// <summary>Whether the text may end here.</summary>
    public bool CanEnd { get; } = Array.Exists(threads, thread => thread.CanEnd);

    /// <summary>The legal tokens, once they were computed.</summary>
    public TokenMask? Mask { get; set; }
}
