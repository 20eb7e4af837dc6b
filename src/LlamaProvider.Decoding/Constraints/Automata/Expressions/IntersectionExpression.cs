namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>A text of all of the languages; at least two, ordered by key. No part calls a rule.</summary>
internal sealed class IntersectionExpression : ByteExpression
{
    public IntersectionExpression(UInt128 key, ByteExpression[] parts)
        : base(key, Array.TrueForAll(parts, static part => part.IsNullable), parts)
    {
        MayHideNothing = true;
    }

    public static UInt128 KeyOf(ReadOnlySpan<ByteExpression> parts) => Hash(4, parts);

    public override ByteExpression Derive(byte value, ByteAlgebra algebra)
    {
        var derived = new ByteExpression[Parts.Length];
        for (int i = 0; i < derived.Length; i++)
        {
            derived[i] = algebra.Derive(Parts[i], value);
            if (ReferenceEquals(derived[i], algebra.Nothing))
            {
                return algebra.Nothing;
            }
        }

        return algebra.Intersection(derived);
    }

    internal override ByteExpression RelaxParts(int bytes, ByteAlgebra algebra) => algebra.Widening.Widen(this, bytes);
}
