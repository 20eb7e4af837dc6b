namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>The local masks of states that mean the same in every grammar, such as "inside a string of at most 20 characters", for one vocabulary.</summary>
/// <remarks>Safe for concurrent use. When full, the half that was not used of late goes.</remarks>
/// <param name="capacity">The most masks kept.</param>
internal sealed class LexemeMasks(int capacity)
{
    private readonly Lock _lock = new();
    private Dictionary<UInt128, LocalMask> _recent = [];
    private Dictionary<UInt128, LocalMask> _older = [];

    /// <summary>The mask of a state, relaxed to what the vocabulary can tell, computed when it is not known yet.</summary>
    public LocalMask GetOrAdd<TContext>(RecognizerState state, TContext context, Func<TContext, RecognizerState, LocalMask> compute)
    {
        if (state.MaskKey is not { } key)
        {
            return compute(context, state);
        }

        lock (_lock)
        {
            if (_recent.TryGetValue(key, out LocalMask? known))
            {
                return known;
            }

            if (_older.Remove(key, out known))
            {
                Keep(key, known);
                return known;
            }
        }

        LocalMask computed = compute(context, state);
        lock (_lock)
        {
            Keep(key, computed);
        }

        return computed;
    }

    private void Keep(UInt128 key, LocalMask mask)
    {
        if (_recent.Count >= capacity / 2)
        {
            (_older, _recent) = (_recent, []);
        }

        _recent[key] = mask;
    }
}
