namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>What was computed for states that mean the same in every grammar, such as "inside a string of at most 20 characters", for one vocabulary.</summary>
/// <remarks>Safe for concurrent use. When full, the half that was not used of late goes.</remarks>
/// <typeparam name="T">What was computed.</typeparam>
/// <param name="capacity">The most that are kept.</param>
internal sealed class LexemeCache<T>(int capacity)
    where T : class
{
    private readonly Lock _lock = new();
    private Dictionary<UInt128, T> _recent = [];
    private Dictionary<UInt128, T> _older = [];

    /// <summary>What a state has, computed when it is not known yet.</summary>
    public T GetOrAdd<TContext>(RecognizerState state, TContext context, Func<TContext, RecognizerState, T> compute)
    {
        if (state.MaskKey is not { } key)
        {
            return compute(context, state);
        }

        lock (_lock)
        {
            if (_recent.TryGetValue(key, out T? known))
            {
                return known;
            }

            if (_older.Remove(key, out known))
            {
                Keep(key, known);
                return known;
            }
        }

        T computed = compute(context, state);
        lock (_lock)
        {
            Keep(key, computed);
        }

        return computed;
    }

    private void Keep(UInt128 key, T value)
    {
        if (_recent.Count >= capacity / 2)
        {
            (_older, _recent) = (_recent, []);
        }

        _recent[key] = value;
    }
}
