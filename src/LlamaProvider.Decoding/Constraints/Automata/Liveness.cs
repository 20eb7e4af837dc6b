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
/// First a short text of one part of an intersection is tried on the others (<see cref="Witness"/>). The search begins broad, which finds the short texts that most languages have. When that takes long, it first makes sure that the language is not empty for reasons that have
/// nothing to do with counts (<see cref="Loosening"/>), and then goes deep: where most continuations are alive, the first way down finds a text after as many steps as the text has
/// bytes. What differs from an expression seen before only in how often something may still be repeated waits until nothing else is left, lest a search in x{0,65536} count
/// to its end before it looks elsewhere.
/// </para>
/// </remarks>
/// <param name="algebra">Makes the derivatives.</param>
/// <param name="limit">The most steps of one search.</param>
internal sealed class Liveness(ByteAlgebra algebra, int limit = Liveness.NoLimit)
{
    private const int NoLimit = int.MaxValue;

    /// <summary>Steps after which a search goes deep.</summary>
    private const int BroadSteps = 3000;

    private readonly Dictionary<ByteExpression, UInt128> _outlines = [];
    private readonly Witness _witness = new();

    /// <summary>Whether the language is empty.</summary>
    public bool IsEmpty(ByteExpression expression) => IsKnownEmpty(expression) ?? !IsLive(expression, ByteClasses.Of(expression).Representatives());

    /// <summary>Whether the language of an automaton's state is empty.</summary>
    /// <param name="expression">The language.</param>
    /// <param name="classes">The automaton's, found only for a search.</param>
    public bool IsEmpty(ByteExpression expression, LocalClasses classes) => IsKnownEmpty(expression) ?? !IsLive(expression, classes.Representatives);

    // Representatives are one byte of each class of bytes that the language treats alike, the likeliest to lead to a text's end first.
    private bool IsEmpty(ByteExpression expression, ReadOnlySpan<byte> representatives) => IsKnownEmpty(expression) ?? !IsLive(expression, representatives);

    // Without a search; null when it takes one.
    private bool? IsKnownEmpty(ByteExpression expression) =>
        IsEasy(expression) ? ReferenceEquals(expression, algebra.Nothing) : !expression.HasText;

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
                return IsLive(sequence, representatives);
            default:
                return Search(expression, representatives);
        }

        expression.HasText = isLive;
        return isLive;
    }

    // A sequence may have thousands of parts, so it is gone through by a loop.
    private bool IsLive(SequenceExpression sequence, ReadOnlySpan<byte> representatives)
    {
        bool isLive = true;
        ByteExpression rest = sequence;
        while (isLive && rest is SequenceExpression link && IsKnownEmpty(link) is null)
        {
            isLive = !IsEmpty(link.First, representatives);
            rest = link.Second;
        }

        isLive = isLive && !IsEmpty(rest, representatives);
        for (ByteExpression link = sequence; !ReferenceEquals(link, rest); link = ((SequenceExpression)link).Second)
        {
            link.HasText = isLive;
        }

        return isLive;
    }

    private bool HasWitness(ByteExpression expression, ReadOnlySpan<byte> representatives)
    {
        foreach (ByteExpression part in expression.Parts)
        {
            if (_witness.Find(part, representatives) is { } text && AreAllMet(expression.Parts, text))
            {
                expression.HasText = true;
                return true;
            }
        }

        return false;
    }

    // Part by part: parts are few, and what they derive to is known from other states; the intersections on the way would be new ones.
    private bool AreAllMet(ReadOnlySpan<ByteExpression> parts, byte[] text)
    {
        foreach (ByteExpression part in parts)
        {
            ByteExpression rest = part;
            foreach (byte value in text)
            {
                rest = algebra.Derive(rest, value);
            }

            if (!rest.IsNullable)
            {
                return false;
            }
        }

        return true;
    }

    private bool Search(ByteExpression start, ReadOnlySpan<byte> representatives)
    {
        if (start is IntersectionExpression && HasWitness(start, representatives))
        {
            return true;
        }

        var search = new LivenessSearch(start);
        int steps = 0;
        while (search.Take() is var (index, next) && index >= 0)
        {
            if (Successor(search[index], next, representatives) is not { } derived)
            {
                search.Finish(index);
                continue;
            }

            algebra.Work?.Check();
            CheckLimit(++steps);

            bool? isEmpty = IsKnownEmpty(derived);
            if (isEmpty is false)
            {
                search.MarkWay(index);
                return true;
            }

            if (isEmpty is null)
            {
                search.Add(derived, index);
            }

            if (steps == BroadSteps)
            {
                if (start.LargestCount > 1 && IsEmpty(new Loosening(algebra).Rewrite(start), representatives))
                {
                    start.HasText = false;
                    return false;
                }

                search.GoDeep(OutlineOf);
            }
        }

        search.MarkAll();
        return false;
    }

    private void CheckLimit(int steps)
    {
        if (steps > limit)
        {
            throw new ConstraintTooComplexException(
                $"Whether the constraint's patterns allow any text together was not found out in {limit:N0} steps. Combine fewer of them, or raise the limit {nameof(ConstraintLimits)}.{nameof(ConstraintLimits.SearchSteps)}.");
        }
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
