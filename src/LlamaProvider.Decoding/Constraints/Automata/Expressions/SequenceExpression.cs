namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>A text of the first language, then one of the second. The first is never itself a sequence.</summary>
internal sealed class SequenceExpression(ByteExpression first, ByteExpression second)
    : ByteExpression(Hash(2, [first, second]), first.IsNullable && second.IsNullable, [first, second])
{
    public ByteExpression First => Parts[0];

    public ByteExpression Second => Parts[1];

    public override ByteExpression Derive(byte value, ByteAlgebra algebra)
    {
        ByteExpression rest = algebra.Sequence(algebra.Derive(First, value), Second);
        return First.IsNullable ? algebra.Choice([rest, algebra.Derive(Second, value)]) : rest;
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
