using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>A text of the first language, then one of the second. The first is never itself a sequence.</summary>
/// <remarks>A sequence of many parts is a list of that many links, so what goes over all parts is a loop.</remarks>
internal sealed class SequenceExpression : ByteExpression
{
    private readonly Pair _parts;

    public SequenceExpression(UInt128 key, ByteExpression first, ByteExpression second)
        : base(key, first.IsNullable && second.IsNullable, first, second)
    {
        _parts[0] = first;
        _parts[1] = second;
        Depth = Math.Max(first.Depth + 1, second.Depth);
        IsDerivedAtOnce = first is BytesExpression;
    }

    public ByteExpression First => _parts[0];

    public ByteExpression Second => _parts[1];

    public override ReadOnlySpan<ByteExpression> Parts => _parts;

    public static UInt128 KeyOf(ByteExpression first, ByteExpression second) => Hash(2, [first, second]);

    public override ByteExpression Derive(byte value, ByteAlgebra algebra)
    {
        if (First is BytesExpression bytes)
        {
            return bytes.Set.Contains(value) ? Second : algebra.Nothing;
        }

        if (!First.IsNullable)
        {
            return algebra.Sequence(algebra.Derive(First, value), Second);
        }

        // One choice for a whole chain of parts that may be empty: a choice within a choice within … would take the square of its length, and as much stack.
        List<ByteExpression> derived = algebra.Spare.Rent();
        ByteExpression rest = this;
        bool isNullable = true;
        while (isNullable && rest is SequenceExpression sequence)
        {
            derived.Add(algebra.Sequence(algebra.Derive(sequence.First, value), sequence.Second));
            isNullable = sequence.First.IsNullable;
            rest = sequence.Second;
        }

        if (isNullable)
        {
            derived.Add(algebra.Derive(rest, value));
        }

        ByteExpression choice = algebra.Choice(CollectionsMarshal.AsSpan(derived));
        algebra.Spare.Return(derived);
        return choice;
    }

    public override void AddFirstSets(FirstSets sets)
    {
        ByteExpression rest = this;
        while (rest is SequenceExpression link)
        {
            link.First.AddFirstSets(sets);
            if (!link.First.IsNullable)
            {
                return;
            }

            rest = link.Second;
        }

        rest.AddFirstSets(sets);
    }

    public override void AddCalls(List<RuleCall> calls, ByteAlgebra algebra)
    {
        ByteExpression rest = this;
        while (rest is SequenceExpression link)
        {
            int start = calls.Count;
            link.First.AddCalls(calls, algebra);
            for (int i = start; i < calls.Count; i++)
            {
                calls[i] = calls[i] with { After = algebra.Sequence(calls[i].After, link.Second) };
            }

            if (!link.First.IsNullable)
            {
                return;
            }

            rest = link.Second;
        }

        rest.AddCalls(calls, algebra);
    }

    internal override ByteExpression RelaxParts(int bytes, ByteAlgebra algebra)
    {
        var heads = new List<ByteExpression>();
        ByteExpression rest = this;
        while (rest is SequenceExpression link && bytes >= 0 && link.LargestCount > bytes + 1)
        {
            heads.Add(link.First.Relax(bytes, algebra));
            bytes = link.First.IsNullable ? bytes : bytes - 1;
            rest = link.Second;
        }

        ByteExpression relaxed = bytes < 0 ? rest : rest.Relax(bytes, algebra);
        for (int i = heads.Count - 1; i >= 0; i--)
        {
            relaxed = algebra.Sequence(heads[i], relaxed);
        }

        return relaxed;
    }

    // States are sequences for the most part, so their parts need no array.
    [InlineArray(2)]
    private struct Pair
    {
        private ByteExpression _first;
    }
}
