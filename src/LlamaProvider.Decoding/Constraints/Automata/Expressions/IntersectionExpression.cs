using System.Runtime.InteropServices;

namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>A text of all of the languages; at least two, ordered by key. No part calls a rule.</summary>
internal sealed class IntersectionExpression : ByteExpression
{
    private readonly ByteExpression[] _parts;

    public IntersectionExpression(UInt128 key, ByteExpression[] parts)
        : base(key, Array.TrueForAll(parts, static part => part.IsNullable), parts)
    {
        _parts = parts;
        MayHideNothing = true;
    }

    public override ReadOnlySpan<ByteExpression> Parts => _parts;

    public static UInt128 KeyOf(ReadOnlySpan<ByteExpression> parts) => Hash(4, parts);

    public override ByteExpression Derive(byte value, ByteAlgebra algebra)
    {
        List<ByteExpression> derived = algebra.Spare.Rent();
        foreach (ByteExpression part in _parts)
        {
            derived.Add(algebra.Derive(part, value));
            if (ReferenceEquals(derived[^1], algebra.Nothing))
            {
                break;
            }
        }

        ByteExpression intersection = algebra.Intersection(CollectionsMarshal.AsSpan(derived));
        algebra.Spare.Return(derived);
        return intersection;
    }

    internal override ByteExpression RelaxParts(int bytes, ByteAlgebra algebra) => algebra.Widening.Widen(this, bytes);
}
