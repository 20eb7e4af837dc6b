using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Tests.Strategies;

/// <summary>A constraint under which one token is legal, again and again.</summary>
internal sealed class OneToken(int token) : ITokenConstraint
{
    public bool CanEnd => false;

    public static SequenceConstraint Constraint(int token) => new("one token", new OneToken(token));

    public void FillMask(TokenMask mask)
    {
        mask.Clear();
        mask.Add(token);
    }

    public int ReadForcedText(Span<byte> destination, out ByteSet next)
    {
        next = default;
        return 0;
    }

    public bool Accept(int accepted) => accepted == token;

    public void Rollback(int count)
    {
    }

    public ITokenConstraint Fork() => this;
}
