namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>Between <see cref="Min"/> and <see cref="Max"/> texts of a language one after the other.</summary>
internal sealed class RepetitionExpression : ByteExpression
{
    /// <summary>The value of <see cref="Max"/> that stands for no limit.</summary>
    public const int Unbounded = int.MaxValue;

    private readonly ByteExpression _part;

    public RepetitionExpression(UInt128 key, ByteExpression part, int min, int max)
        : base(key, min == 0 || part.IsNullable, part)
    {
        _part = part;
        Min = min;
        Max = max;
        LargestCount = Math.Max(part.LargestCount, max == Unbounded ? min : max);
    }

    public ByteExpression Part => _part;

    public override ReadOnlySpan<ByteExpression> Parts => new(in _part);

    public int Min { get; }

    public int Max { get; }

    public static UInt128 KeyOf(ByteExpression part, int min, int max) => Hash(6, [part], min, max);

    public override ByteExpression Derive(byte value, ByteAlgebra algebra)
    {
        ByteExpression first = algebra.Derive(Part, value);
        return ReferenceEquals(first, algebra.Nothing) ? first : algebra.Sequence(first, After(algebra));
    }

    public override void AddCalls(List<RuleCall> calls, ByteAlgebra algebra)
    {
        int start = calls.Count;
        Part.AddCalls(calls, algebra);
        for (int i = start; i < calls.Count; i++)
        {
            calls[i] = calls[i] with { After = algebra.Sequence(calls[i].After, After(algebra)) };
        }
    }

    internal override ByteExpression RelaxParts(int bytes, ByteAlgebra algebra) =>
        // Every further round takes at least a byte, so a text of so few bytes cannot tell a larger count from this.
        algebra.Repetition(Part.Relax(bytes, algebra), Math.Min(Min, bytes + 1), Max > bytes + 1 ? Unbounded : Max);

    private ByteExpression After(ByteAlgebra algebra) => algebra.Repetition(Part, Math.Max(Min - 1, 0), Max == Unbounded ? Max : Max - 1);
}
