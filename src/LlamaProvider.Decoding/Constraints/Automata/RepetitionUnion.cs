using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>The law x{a,b}y | x{c,d}y = x{min,max}y where the counts touch. Without it the states of (a|aa){0,100} are sets of counts; with it they are ranges.</summary>
internal static class RepetitionUnion
{
    /// <returns>Whether the law applied anywhere; the parts are then no longer sorted.</returns>
    public static bool Merge(List<ByteExpression> parts, ByteAlgebra algebra)
    {
        int count = parts.Count;
        for (int i = 0; i < parts.Count; i++)
        {
            for (int j = i + 1; j < parts.Count && Split(parts[i], algebra) is var (first, rest); j++)
            {
                if (Split(parts[j], algebra) is var (other, otherRest) && ReferenceEquals(rest, otherRest) && ReferenceEquals(first.Part, other.Part) && Touch(first, other))
                {
                    ByteExpression merged = algebra.Repetition(first.Part, Math.Min(first.Min, other.Min), Math.Max(first.Max, other.Max));
                    parts[i] = algebra.Sequence(merged, rest);
                    parts.RemoveAt(j);
                    j = i;
                }
            }
        }

        return parts.Count < count;
    }

    private static bool Touch(RepetitionExpression first, RepetitionExpression second) =>
        first.Min <= (long)second.Max + 1 && second.Min <= (long)first.Max + 1;

    private static (RepetitionExpression Repetition, ByteExpression Tail)? Split(ByteExpression part, ByteAlgebra algebra) => part switch
    {
        RepetitionExpression repetition => (repetition, algebra.Empty),
        SequenceExpression { First: RepetitionExpression repetition } sequence => (repetition, sequence.Second),
        _ => null,
    };
}
