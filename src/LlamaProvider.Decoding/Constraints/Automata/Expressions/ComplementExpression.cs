namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>Every text that is not of the language. The part calls no rule.</summary>
/// <remarks>It is not relaxed: a larger part would leave it fewer texts. No text is in a{0,5} and not in a{0,9}, but relaxed both are a*.</remarks>
internal sealed class ComplementExpression : ByteExpression
{
    private readonly ByteExpression _part;

    public ComplementExpression(ByteExpression part)
        : base(Hash(5, [part]), !part.IsNullable, part)
    {
        _part = part;
        MayHideNothing = true;
    }

    public ByteExpression Part => _part;

    public override ReadOnlySpan<ByteExpression> Parts => new(in _part);

    public override ByteExpression Derive(byte value, ByteAlgebra algebra) => algebra.Complement(algebra.Derive(Part, value));
}
