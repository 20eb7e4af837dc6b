namespace LlamaProvider.Decoding.Sampling.State;

/// <summary>What a stage derives from the tokens so far and keeps up to date instead of computing it anew for each token. One instance a sequence.</summary>
/// <remarks>A function of the history alone: adding a token and taking it back leaves nothing behind.</remarks>
internal abstract class HistoryTracker
{
    /// <summary>A token was added.</summary>
    /// <param name="history">All tokens, the new one last.</param>
    /// <param name="promptLength">How many of them are the prompt.</param>
    public abstract void Add(ReadOnlySpan<int> history, int promptLength);

    /// <summary>The last token is about to be taken back.</summary>
    /// <param name="history">All tokens, that one last.</param>
    /// <param name="promptLength">How many of them are the prompt.</param>
    public abstract void Remove(ReadOnlySpan<int> history, int promptLength);

    /// <summary>An independent copy.</summary>
    public abstract HistoryTracker Fork();
}
