using System.IO.Hashing;
using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>Tells the expressions that have a text from those that have none.</summary>
/// <remarks>
/// <para>
/// Without intersection, complement and machines only <see cref="ByteAlgebra.Nothing"/> has none, and choices and sequences are decided by their parts. The others' derivatives are
/// searched for one that is nullable; the way to it is remembered as alive, and everything seen in a search that finds none as empty. A call is passed at once: a rule that is
/// called has a text.
/// </para>
/// <para>
/// The search goes depth first, because where most continuations are alive the first way down finds a text after as many steps as the text has bytes, while breadth first would
/// see every state of that depth. What differs from an expression seen before only in how often something may still be repeated waits until nothing else is left,
/// lest a search in x{0,65536} count to its end before it looks elsewhere; and a search that takes long first makes sure that the language is not empty for reasons without
/// counts (<see cref="Loosening"/>).
/// </para>
/// </remarks>
/// <param name="algebra">Makes the derivatives.</param>
/// <param name="limit">The most steps of one search.</param>
internal sealed class Liveness(ByteAlgebra algebra, int limit = Liveness.NoLimit)
{
    private const int NoLimit = int.MaxValue;

    /// <summary>Expressions after which a search asks whether counts are what keeps it.</summary>
    private const int LongSearch = 200;

    private readonly Dictionary<ByteExpression, bool> _known = [];
    private readonly Dictionary<ByteExpression, UInt128> _outlines = [];

    /// <summary>Whether the language is empty.</summary>
    public bool IsEmpty(ByteExpression expression)
    {
        if (IsEasy(expression))
        {
            return ReferenceEquals(expression, algebra.Nothing);
        }

        if (!_known.TryGetValue(expression, out bool isLive))
        {
            var classes = new ByteClasses();
            expression.AddClasses(classes);
            isLive = IsLive(expression, classes.Representatives());
        }

        return !isLive;
    }

    /// <summary>Whether the language is empty, where the classes of its bytes are known already.</summary>
    /// <param name="expression">The language.</param>
    /// <param name="representatives">One byte of each class of bytes that the language treats alike, the likeliest to lead to a text's end first.</param>
    public bool IsEmpty(ByteExpression expression, ReadOnlySpan<byte> representatives) =>
        IsEasy(expression) ? ReferenceEquals(expression, algebra.Nothing)
            : !(_known.TryGetValue(expression, out bool isLive) ? isLive : IsLive(expression, representatives));

    private static bool IsEasy(ByteExpression expression) => !expression.MayHideNothing || expression.IsNullable;

    private bool IsLive(ByteExpression expression, ReadOnlySpan<byte> representatives)
    {
        bool isLive;
        switch (expression)
        {
            case ChoiceExpression:
                isLive = false;
                foreach (ByteExpression part in expression.Parts)
                {
                    isLive = isLive || !IsEmpty(part, representatives);
                }

                break;
            case SequenceExpression sequence:
                isLive = !IsEmpty(sequence.First, representatives) && !IsEmpty(sequence.Second, representatives);
                break;
            default:
                return Search(expression, representatives);
        }

        _known[expression] = isLive;
        return isLive;
    }

    private bool Search(ByteExpression start, ReadOnlySpan<byte> representatives)
    {
        var seen = new List<(ByteExpression Expression, int Origin)> { (start, -1) };
        var isSeen = new HashSet<ByteExpression> { start };
        var isSeenButForCounts = new HashSet<UInt128>();
        Stack<(int Index, int Next)> fresh = new([(0, 0)]);
        Stack<(int Index, int Next)> counted = [];
        int steps = 0;
        while (fresh.Count + counted.Count > 0)
        {
            Stack<(int Index, int Next)> open = fresh.Count > 0 ? fresh : counted;
            if (++steps > limit)
            {
                throw new ConstraintTooComplexException(
                    $"Whether the constraint's patterns allow any text together was not found out in {limit:N0} steps. Combine fewer of them, or raise the limit {nameof(ConstraintLimits)}.{nameof(ConstraintLimits.SearchSteps)}.");
            }

            (int index, int next) = open.Pop();
            if (Successor(seen[index].Expression, next, representatives) is not { } derived)
            {
                continue;
            }

            open.Push((index, next + 1));
            bool isKnown = _known.TryGetValue(derived, out bool isLive);
            if (ReferenceEquals(derived, algebra.Nothing) || (isKnown && !isLive))
            {
                continue;
            }

            if (IsEasy(derived) || isLive)
            {
                MarkLive(derived, seen, index);
                return true;
            }

            if (isSeen.Add(derived))
            {
                if (seen.Count == LongSearch && start.LargestCount > 1 && IsEmpty(Loosening.Loosen(start, algebra), representatives))
                {
                    _known[start] = false;
                    return false;
                }

                seen.Add((derived, index));
                (isSeenButForCounts.Add(OutlineOf(derived)) ? fresh : counted).Push((seen.Count - 1, 0));
            }
        }

        foreach ((ByteExpression expression, _) in seen)
        {
            _known[expression] = false;
        }

        return false;
    }

    /// <summary>A hash of an expression but for its counts.</summary>
    private UInt128 OutlineOf(ByteExpression expression)
    {
        if (expression.LargestCount <= 1)
        {
            return expression.Key;
        }

        if (!_outlines.TryGetValue(expression, out UInt128 outline))
        {
            // A sequence may have thousands of parts, so it is gone through by a loop.
            var hash = new XxHash128();
            ByteExpression rest = expression;
            while (rest is SequenceExpression { LargestCount: > 1 } sequence)
            {
                hash.Append(MemoryMarshal.AsBytes<UInt128>([OutlineOf(sequence.First)]));
                rest = sequence.Second;
            }

            hash.Append([(byte)(rest is RepetitionExpression ? 1 : rest is ComplementExpression ? 2 : rest is IntersectionExpression ? 3 : 4)]);
            foreach (ByteExpression part in rest.LargestCount > 1 ? rest.Parts : [rest])
            {
                hash.Append(MemoryMarshal.AsBytes<UInt128>([OutlineOf(part)]));
            }

            outline = hash.GetCurrentHashAsUInt128();
            _outlines.Add(expression, outline);
        }

        return outline;
    }

    private void MarkLive(ByteExpression found, List<(ByteExpression Expression, int Origin)> seen, int index)
    {
        _known[found] = true;
        for (; index >= 0; index = seen[index].Origin)
        {
            _known[seen[index].Expression] = true;
        }
    }

    private ByteExpression? Successor(ByteExpression expression, int index, ReadOnlySpan<byte> representatives)
    {
        if (index < representatives.Length)
        {
            return algebra.Derive(expression, representatives[index]);
        }

        if (!expression.HasCalls)
        {
            return null;
        }

        var calls = new List<RuleCall>();
        expression.AddCalls(calls, algebra);
        return index - representatives.Length < calls.Count ? calls[index - representatives.Length].After : null;
    }
}
