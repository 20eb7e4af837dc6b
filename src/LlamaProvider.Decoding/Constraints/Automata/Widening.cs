using System.Runtime.InteropServices;
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
    private const int StatesAtOnce = 128;

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
            int smallest = int.MaxValue;
            ByteExpression wide = Drop(intersection, reach, ref smallest);
            int longest = smallest == int.MaxValue ? Unknown : LongestCompletion(wide);
            if (longest == Unknown)
            {
                break;
            }

            if (longest <= smallest - bytes)
            {
                return wide;
            }

            // A count is too near, so only those that are further away go.
            reach = bytes + longest;
        }

        return intersection;
    }

    /// <param name="expression">The language.</param>
    /// <param name="bytes">Counts that so many bytes cannot reach go.</param>
    /// <param name="smallest">The smallest of those that went, if that is less.</param>
    private ByteExpression Drop(ByteExpression expression, int bytes, ref int smallest)
    {
        if (expression.LargestCount <= bytes + 1)
        {
            return expression;
        }

        switch (expression)
        {
            case RepetitionExpression repetition:
                bool isOut = repetition.Max != RepetitionExpression.Unbounded && repetition.Max > bytes + 1;
                smallest = isOut ? Math.Min(smallest, repetition.Max) : smallest;
                return algebra.Repetition(Drop(repetition.Part, bytes, ref smallest), repetition.Min, isOut ? RepetitionExpression.Unbounded : repetition.Max);
            case SequenceExpression sequence:
                return Drop(sequence, bytes, ref smallest);
            case ChoiceExpression:
                return algebra.Choice(DropParts(expression, bytes, ref smallest));
            case IntersectionExpression:
                return algebra.Intersection(DropParts(expression, bytes, ref smallest));
            default:
                return expression;
        }
    }

    // A sequence may have thousands of parts, so it is gone through by a loop.
    private ByteExpression Drop(SequenceExpression sequence, int bytes, ref int smallest)
    {
        var parts = new List<ByteExpression>();
        ByteExpression rest = sequence;
        while (rest is SequenceExpression link && link.LargestCount > bytes + 1)
        {
            parts.Add(Drop(link.First, bytes, ref smallest));
            rest = link.Second;
        }

        parts.Add(Drop(rest, bytes, ref smallest));
        return algebra.Sequence(CollectionsMarshal.AsSpan(parts));
    }

    private ByteExpression[] DropParts(ByteExpression expression, int bytes, ref int smallest)
    {
        var parts = new ByteExpression[expression.Parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = Drop(expression.Parts[i], bytes, ref smallest);
        }

        return parts;
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
}
