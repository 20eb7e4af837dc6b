namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>A text of any of the languages; at least two, ordered by key.</summary>
internal sealed class ChoiceExpression(UInt128 key, ByteExpression[] parts) : ByteExpression(key, Array.Exists(parts, static part => part.IsNullable), parts)
{
    public static UInt128 KeyOf(ReadOnlySpan<ByteExpression> parts) => Hash(3, parts);

    public override ByteExpression Derive(byte value, ByteAlgebra algebra)
    {
        var derived = new ByteExpression[Parts.Length];
        int count = 0;
        foreach (ByteExpression part in Parts)
        {
            ByteExpression rest = algebra.Derive(part, value);
            if (!ReferenceEquals(rest, algebra.Nothing))
            {
                derived[count++] = rest;
            }
        }

        return algebra.Choice(derived.AsSpan(0, count));
    }

    public override void AddCalls(List<RuleCall> calls, ByteAlgebra algebra)
    {
        foreach (ByteExpression part in Parts)
        {
            part.AddCalls(calls, algebra);
        }
    }

    internal override ByteExpression RelaxParts(int bytes, ByteAlgebra algebra)
    {
        var relaxed = new ByteExpression[Parts.Length];
        for (int i = 0; i < relaxed.Length; i++)
        {
            relaxed[i] = Parts[i].Relax(bytes, algebra);
        }

        return algebra.Choice(relaxed);
    }
}
