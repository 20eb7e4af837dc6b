namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>All ways of reading a text so far, and what follows from them. Immutable but for the mask, which <see cref="MatcherSpace"/> keeps or takes away.</summary>
internal sealed class Configuration(RecognizerThread[] threads)
{
    public ReadOnlySpan<RecognizerThread> Threads => threads;

    /// <summary>Whether the text may end here.</summary>
    public bool CanEnd { get; } = Array.Exists(threads, thread => thread.CanEnd);

    /// <summary>The legal tokens, while they are kept.</summary>
    public TokenMask? Mask { get; set; }

    /// <summary>Whether the legal tokens were computed before.</summary>
    public bool WasMasked { get; set; }

    /// <summary>Gives up the mask that is kept.</summary>
    public TokenMask TakeMask()
    {
        TokenMask mask = Mask!;
        Mask = null;
        return mask;
    }
}
