using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Lengths;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>How many bytes it takes at least to lead an automaton from one of its states to another.</summary>
/// <remarks>Breadth first, as far as few states lead; beyond, what is sure by then. One thread at a time.</remarks>
internal sealed class LeastBytes
{
    private const int MaxStates = 256;

    private readonly Dictionary<(LexemeState From, LexemeState? To), int> _known = [];

    /// <param name="from">The state.</param>
    /// <param name="to">The other one; <see langword="null"/> for any that accepts.</param>
    public int Between(LexemeState from, LexemeState? to)
    {
        if (!_known.TryGetValue((from, to), out int bytes))
        {
            bytes = Search(from, to);
            _known.Add((from, to), bytes);
        }

        return bytes;
    }

    private static int Search(LexemeState from, LexemeState? to)
    {
        var met = new HashSet<LexemeState> { from };
        List<LexemeState> level = [from];
        for (int bytes = 0; level.Count > 0; bytes++)
        {
            if (met.Count > MaxStates || level.Exists(state => to is null ? state.IsAccepting : ReferenceEquals(state, to)))
            {
                return bytes;
            }

            List<LexemeState> next = [];
            foreach (LexemeState state in level)
            {
                for (int value = 0; value < 256; value++)
                {
                    if (state.Step((byte)value) is { } after && met.Add(after))
                    {
                        next.Add(after);
                    }
                }
            }

            level = next;
        }

        return Completion.Unwritable;
    }
}
