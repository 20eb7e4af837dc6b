namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>One byte out of a set. The empty set is the empty language.</summary>
internal sealed class BytesExpression(ByteSet set) : ByteExpression(Hash(1, new UInt128(set.Bits0, set.Bits1), new UInt128(set.Bits2, set.Bits3)), isNullable: false)
{
    public ByteSet Set { get; } = set;

    public override ByteExpression Derive(byte value, ByteAlgebra algebra) => Set.Contains(value) ? algebra.Empty : algebra.Nothing;

    public override void AddFirstSets(FirstSets sets) => sets.Add(Set);

    private protected override void AddOwnClasses(ByteClasses classes) => classes.Add(Set);
}

/// <summary>The language of the empty text alone.</summary>
internal sealed class EmptyExpression() : ByteExpression(Hash(0, []), isNullable: true)
{
    public override ByteExpression Derive(byte value, ByteAlgebra algebra) => algebra.Nothing;
}
