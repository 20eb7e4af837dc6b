using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.Intersections;

/// <summary>What several constraints allow, where all that is known of them are their masks.</summary>
/// <remarks>
/// A token is legal when all allow it. That is exact for what constraints say about the next token, but each promises only that some text goes on, not that it is the same one, so
/// together they can come to a place where nothing is legal: then the mask is empty and <see cref="CanEnd"/> false, which the caller reports as infeasible. It cannot happen when all
/// but one of them leave every text a way to go on with any token, as a forbidden phrase in free text nearly does. Constraints whose languages are known are better compiled
/// together: <see cref="ConstraintFactory"/>.
/// </remarks>
internal sealed class ConstraintIntersection : ITokenConstraint
{
    private readonly ITokenConstraint[] _parts;
    private TokenMask? _mask;

    /// <param name="parts">The constraints, of one vocabulary and with the same text; they belong to the intersection from now on.</param>
    public ConstraintIntersection(params ReadOnlySpan<ITokenConstraint> parts) => _parts = [.. parts];

    public bool CanEnd => Array.TrueForAll(_parts, static part => part.CanEnd);

    public void FillMask(TokenMask mask)
    {
        mask.AddAll();
        _mask ??= new TokenMask(mask.Size);
        foreach (ITokenConstraint part in _parts)
        {
            part.FillMask(_mask);
            mask.IntersectWith(_mask);
        }
    }

    public bool Accept(int token)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            if (!_parts[i].Accept(token))
            {
                Array.ForEach(_parts[..i], static part => part.Rollback(1));
                return false;
            }
        }

        return true;
    }

    public void Rollback(int count) => Array.ForEach(_parts, part => part.Rollback(count));

    /// <summary>None is told: what is forced on one side need not be so that the other can go along.</summary>
    public int ReadForcedText(Span<byte> destination, out ByteSet next)
    {
        next = ByteSet.All;
        return 0;
    }

    public ITokenConstraint Fork() => new ConstraintIntersection(Array.ConvertAll(_parts, static part => part.Fork()));
}
