namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>A text of the first language, then one of the second. The first is never itself a sequence.</summary>
internal sealed class SequenceExpression(ByteExpression first, ByteExpression second)
    : ByteExpression(Hash(2, [first, second]), first.IsNullable && second.IsNullable, [first, second])
{
    public ByteExpression First => Parts[0];

    public ByteExpression Second => Parts[1];

    public override ByteExpression Derive(byte value, ByteAlgebra algebra)
    {
        if (!First.IsNullable)
        {
            return algebra.Sequence(algebra.Derive(First, value), Second);
        }

        // One choice for a whole chain of parts that may be empty: a choice within a choice within … would take the square of its length, and as much stack.
        var derived = new List<ByteExpression>();
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

        return algebra.Choice([.. derived]);
    }

    public override void AddCalls(List<RuleCall> calls, ByteAlgebra algebra)
    {
        int start = calls.Count;
        First.AddCalls(calls, algebra);
        for (int i = start; i < calls.Count; i++)
        {
            calls[i] = calls[i] with { After = algebra.Sequence(calls[i].After, Second) };
        }

        if (First.IsNullable)
        {
            Second.AddCalls(calls, algebra);
        }
    }

    private protected override ByteExpression RelaxParts(int bytes, ByteAlgebra algebra)
    {
        ByteExpression head = First.Relax(bytes, algebra);
        int left = head.IsNullable ? bytes : bytes - 1;
        return algebra.Sequence(head, left < 0 ? Second : Second.Relax(left, algebra));
    }
}
