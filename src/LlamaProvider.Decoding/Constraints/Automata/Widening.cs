using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>Drops the upper counts of an intersection that no token can reach: a pattern with at most 300 characters is, to a token, the pattern.</summary>
/// <remarks>
/// <para>
/// What may follow a token depends on how the counts of the parts go together: no text is in a{0,50} and in a{60}. So the counts may be dropped only if a text that goes on
/// where a token leaves it always ends before they matter. A text that fits without the counts, and is no longer in bytes than the smallest of them, fits with them too,
/// since every round takes a byte. So it is enough that, in the language without them, whatever a text has come to, some continuation of so few bytes completes it that both are shorter
/// than that count. The states of that language are few where the counts made them many; they are looked at once, and the longest of their shortest completions holds for all of them.
/// </para>
/// <para>Lower counts stay, since they make texts long. One thread at a time, like its algebra.</para>
/// </remarks>
/// <param name="algebra">Made the expressions.</param>
internal sealed class Widening(ByteAlgebra algebra)
{
    private const int MaxStates = 1024;

    /// <summary>States that are looked at for one mask, so that none waits for long; until all are known the counts stay.</summary>
    private const int StatesAtOnce = 40;

    /// <summary>Tokens of more bytes are few, and the counts that they reach make many states: more to look at than there is to save.</summary>
    private const int LongestText = 32;

    /// <summary>Languages with more states that are looked at in vain before no other of the same algebra is looked at.</summary>
    private const int MaxFailures = 4;

    private const int Unknown = int.MaxValue;

    /// <summary>What was found out, which is the same in every algebra: many schemas have the same formats and lengths.</summary>
    private static readonly RecentEntries<int> Known = new(capacity: 16_384);

    private readonly Dictionary<ByteExpression, StateGraph> _open = [];
    private int _failed;

    /// <summary>The intersection without the counts that a text of at most <paramref name="bytes"/> bytes cannot tell from no count; itself where that is not so, or not found out yet.</summary>
    public ByteExpression Widen(IntersectionExpression intersection, int bytes)
    {
        int reach = bytes;
        while (bytes <= LongestText)
        {
            var far = new FarCounts(algebra, reach);
            ByteExpression wide = far.Rewrite(intersection);
            int longest = far.Smallest == int.MaxValue ? Unknown : LongestCompletion(wide);
            if (longest == Unknown)
            {
                break;
            }

            if (longest <= far.Smallest - bytes)
            {
                return wide;
            }

            // A count is too near, so only those that are further away go.
            reach = bytes + longest;
        }

        return intersection;
    }

    /// <summary>Bytes that complete whatever a text has come to; <see cref="Unknown"/> when that is not known, or not yet.</summary>
    private int LongestCompletion(ByteExpression start)
    {
        if (Known.TryGet(start.Key, out int known))
        {
            return known;
        }

        if (_failed == MaxFailures || !algebra.HasRoom)
        {
            return Unknown;
        }

        if (!_open.TryGetValue(start, out StateGraph? graph))
        {
            graph = new StateGraph(start, algebra);
        }

        graph.Explore(StatesAtOnce);
        if (graph.IsComplete || graph.States.Count > MaxStates)
        {
            return Close(graph);
        }

        // What a text comes to next is one of these states, and goes on with the same graph.
        foreach (ByteExpression state in graph.States)
        {
            _open.TryAdd(state, graph);
        }

        return Unknown;
    }

    private int Close(StateGraph graph)
    {
        int longest = graph.IsComplete ? graph.LongestCompletion() : Unknown;
        _failed += graph.IsComplete ? 0 : 1;
        foreach (ByteExpression state in graph.States)
        {
            Known.Set(state.Key, longest);
            _open.Remove(state);
        }

        return longest;
    }

    /// <summary>Drops the upper counts that a text cannot reach.</summary>
    /// <param name="algebra">Made the expressions.</param>
    /// <param name="bytes">The most bytes of the text.</param>
    private sealed class FarCounts(ByteAlgebra algebra, int bytes) : CountRewriter(algebra, kept: bytes + 1)
    {
        /// <summary>The smallest count that was dropped; <see cref="int.MaxValue"/> when none was.</summary>
        public int Smallest { get; private set; } = int.MaxValue;

        private protected override ByteExpression Repeat(RepetitionExpression repetition, ByteExpression part)
        {
            if (repetition.Max <= bytes + 1)
            {
                return Algebra.Repetition(part, repetition.Min, repetition.Max);
            }

            Smallest = Math.Min(Smallest, repetition.Max);
            return Algebra.Repetition(part, repetition.Min, RepetitionExpression.Unbounded);
        }

        private protected override ByteExpression Other(ByteExpression expression) => expression;
    }
}
