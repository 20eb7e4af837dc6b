using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>The local masks of states that mean the same in every grammar, such as "inside a string of at most 20 characters", for one vocabulary.</summary>
/// <remarks>Safe for concurrent use. When full, the half that was not used of late goes.</remarks>
internal sealed class LexemeMasks
{
    private readonly Lock _lock = new();
    private readonly int _capacity;
    private readonly int _longestToken;
    private Dictionary<UInt128, LocalMask> _recent = [];
    private Dictionary<UInt128, LocalMask> _older = [];

    /// <param name="trie">The vocabulary.</param>
    /// <param name="capacity">The most masks kept.</param>
    public LexemeMasks(TokenTrie trie, int capacity)
    {
        _longestToken = trie.LongestToken;
        _capacity = capacity;
    }

    /// <summary>The mask of a state, computed when it is not known yet.</summary>
    public LocalMask GetOrAdd<TContext>(RecognizerState state, TContext context, Func<TContext, RecognizerState, LocalMask> compute)
    {
        if (state.MaskKey(_longestToken) is not { } key)
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
        if (_recent.Count >= _capacity / 2)
        {
            (_older, _recent) = (_recent, []);
        }

        _recent[key] = mask;
    }
}
