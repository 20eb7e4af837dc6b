namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>A text of all of the languages; at least two, ordered by key. No part calls a rule.</summary>
/// <remarks>
/// It is not relaxed, nor is a complement: whether anything may still follow depends on how the counts of the parts go together, even where a short text cannot tell the
/// parts themselves from relaxed ones. No text is in a{0,5} and not in a{0,9}, but relaxed both are a*.
/// </remarks>
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
}
