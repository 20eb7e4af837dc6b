namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>What was computed for states that mean the same in every grammar, such as "inside a string of at most 20 characters", for one vocabulary.</summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <typeparam name="T">What was computed.</typeparam>
/// <param name="capacity">The most that are kept.</param>
internal sealed class LexemeCache<T>(int capacity)
    where T : class
{
    private readonly RecentEntries<T> _known = new(capacity);

    /// <summary>What a state has, computed when it is not known yet.</summary>
    public T GetOrAdd<TContext>(RecognizerState state, TContext context, Func<TContext, RecognizerState, T> compute)
    {
        if (state.MaskKey is not { } key)
        {
            return compute(context, state);
        }

        if (!_known.TryGet(key, out T? value))
        {
            value = compute(context, state);
            _known.Set(key, value);
        }

        return value;
    }
}
