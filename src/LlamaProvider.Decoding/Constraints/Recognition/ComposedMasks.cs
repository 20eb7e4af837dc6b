namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>The local masks of a state and of the rule that its own returns to, taken together: which tokens go on into that rule, and where it may have ended too.</summary>
/// <remarks>When full, it starts anew. One thread at a time.</remarks>
internal sealed class ComposedMasks
{
    private const int Capacity = 4096;

    private readonly Dictionary<(LocalMask, RecognizerState), LocalMask> _masks = [];

    /// <summary>The mask of what a local mask leaves open, once its rule has ended and another goes on.</summary>
    /// <param name="ended">The mask of the rule that ends.</param>
    /// <param name="next">Where the other goes on.</param>
    /// <param name="compute">Makes it when it is not known yet.</param>
    public LocalMask GetOrAdd(LocalMask ended, RecognizerState next, Func<LocalMask, RecognizerState, LocalMask> compute)
    {
        if (_masks.TryGetValue((ended, next), out LocalMask? known))
        {
            return known;
        }

        if (_masks.Count == Capacity)
        {
            _masks.Clear();
        }

        return _masks[(ended, next)] = compute(ended, next);
    }
}
