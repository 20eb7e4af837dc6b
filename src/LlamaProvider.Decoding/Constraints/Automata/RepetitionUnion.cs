using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>The law x{a,b}y | x{c,d}y = x{min,max}y where the counts touch. Without it the states of (a|aa){0,100} are sets of counts; with it they are ranges.</summary>
internal static class RepetitionUnion
{
    /// <summary>Parts up to which each is compared with each other one; of more, groups are made at once.</summary>
    private const int FewParts = 16;

    /// <returns>Whether the law applied anywhere; the parts are then no longer sorted.</returns>
    public static bool Merge(List<ByteExpression> parts, ByteAlgebra algebra)
    {
        return (parts.Count > FewParts || HasAlike(parts, algebra)) && MergeGroups(parts, algebra);
    }

    // By itself, since what its lambdas capture would be allocated for every choice.
    private static bool MergeGroups(List<ByteExpression> parts, ByteAlgebra algebra)
    {
        bool merged = false;
        foreach (IGrouping<(ByteExpression, ByteExpression), ByteExpression> alike in parts
            .Where(static part => RepetitionOf(part) is not null)
            .GroupBy(part => (RepetitionOf(part)!.Part, TailOf(part, algebra)))
            .Where(static group => group.Skip(1).Any())
            .ToArray())
        {
            merged |= Merge(parts, alike, alike.Key.Item2, algebra);
        }

        return merged;
    }

    // Asked of every choice, and seldom so.
    private static bool HasAlike(List<ByteExpression> parts, ByteAlgebra algebra)
    {
        for (int i = 1; i < parts.Count; i++)
        {
            RepetitionExpression? one = RepetitionOf(parts[i]);
            for (int j = 0; j < i && one is not null; j++)
            {
                if (RepetitionOf(parts[j]) is { } other && ReferenceEquals(one.Part, other.Part) && ReferenceEquals(TailOf(parts[i], algebra), TailOf(parts[j], algebra)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Merge(List<ByteExpression> parts, IEnumerable<ByteExpression> alike, ByteExpression tail, ByteAlgebra algebra)
    {
        var ranges = new List<RepetitionExpression>();
        int count = 0;
        foreach (RepetitionExpression next in alike.Select(static part => RepetitionOf(part)!).OrderBy(static repetition => repetition.Min))
        {
            count++;
            if (ranges.Count > 0 && next.Min <= ranges[^1].Max + 1L)
            {
                ranges[^1] = (RepetitionExpression)algebra.Repetition(next.Part, ranges[^1].Min, Math.Max(ranges[^1].Max, next.Max));
            }
            else
            {
                ranges.Add(next);
            }
        }

        if (ranges.Count == count)
        {
            return false;
        }

        var replaced = new HashSet<ByteExpression>(alike);
        parts.RemoveAll(replaced.Contains);
        parts.AddRange(ranges.Select(repetition => algebra.Sequence(repetition, tail)));
        return true;
    }

    private static RepetitionExpression? RepetitionOf(ByteExpression part) => part as RepetitionExpression ?? (part as SequenceExpression)?.First as RepetitionExpression;

    private static ByteExpression TailOf(ByteExpression part, ByteAlgebra algebra) => part is SequenceExpression sequence ? sequence.Second : algebra.Empty;
}
