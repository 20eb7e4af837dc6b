using System.Runtime.InteropServices;

namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>A text of any of the languages; at least two, ordered by key.</summary>
internal sealed class ChoiceExpression(UInt128 key, ByteExpression[] parts) : ByteExpression(key, Array.Exists(parts, static part => part.IsNullable), parts)
{
    public override ReadOnlySpan<ByteExpression> Parts => parts;

    public static UInt128 KeyOf(ReadOnlySpan<ByteExpression> parts) => Hash(3, parts);

    public override ByteExpression Derive(byte value, ByteAlgebra algebra)
    {
        List<ByteExpression> derived = algebra.Spare.Rent();
        foreach (ByteExpression part in parts)
        {
            ByteExpression rest = algebra.Derive(part, value);
            if (!ReferenceEquals(rest, algebra.Nothing))
            {
                derived.Add(rest);
            }
        }

        ByteExpression choice = algebra.Choice(CollectionsMarshal.AsSpan(derived));
        algebra.Spare.Return(derived);
        return choice;
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
