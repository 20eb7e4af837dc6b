namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>A text of all of the languages; at least two, ordered by key. No part calls a rule.</summary>
internal sealed class IntersectionExpression : ByteExpression
{
    public IntersectionExpression(ByteExpression[] parts)
        : base(Hash(4, parts), Array.TrueForAll(parts, part => part.IsNullable), parts)
    {
        MayHideNothing = true;
    }

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

    private protected override ByteExpression RelaxParts(int bytes, ByteAlgebra algebra)
    {
        var relaxed = new ByteExpression[Parts.Length];
        for (int i = 0; i < relaxed.Length; i++)
        {
            relaxed[i] = Parts[i].Relax(bytes, algebra);
        }

        return algebra.Intersection(relaxed);
    }
}
