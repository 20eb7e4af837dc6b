namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>How many members an object can come to where some ask for others.</summary>
/// <remarks>
/// Members that ask for none add one each, so with those that ask chosen, every number from what they need to all that are left is reached. Which of them are chosen is tried out: finding a set that is closed
/// under needs and has a given size is a knapsack.
/// </remarks>
/// <param name="needs">For each name all that must be there with it.</param>
/// <param name="free">The names that may come.</param>
/// <param name="others">Further members that ask for nothing.</param>
internal sealed class MemberCounts(MemberSet[] needs, MemberSet free, long others)
{
    private const int MaxSteps = 1 << 16;

    private int _steps;

    /// <summary>Whether some of the free names, all that is missing among them, come to between <paramref name="min"/> and <paramref name="max"/>.</summary>
    /// <exception cref="ConstraintTooComplexException">That was not found out in a bounded number of steps.</exception>
    public bool CanReach(MemberSet missing, long min, long max) => CanReach(missing, next: 0, min, max);

    private bool CanReach(MemberSet chosen, int next, long min, long max)
    {
        if (++_steps > MaxSteps)
        {
            throw new ConstraintTooComplexException(
                $"Whether an object of the JSON schema can have a number of members between minProperties and maxProperties was not found out in {MaxSteps:N0} steps, since many ask for others. Use fewer of dependentRequired and dependencies beside these bounds.");
        }

        if (chosen.Count > max)
        {
            return false;
        }

        if (chosen.Count + Lone(chosen) + others >= min)
        {
            return true;
        }

        for (int i = next; i < needs.Length; i++)
        {
            if (free[i] && !chosen[i] && !needs[i].IsEmpty && CanReach(chosen.With(i).Union(needs[i].Intersect(free)), i + 1, min, max))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Names that are left and ask for nothing.</summary>
    private int Lone(MemberSet chosen)
    {
        int count = 0;
        for (int i = 0; i < needs.Length; i++)
        {
            count += free[i] && !chosen[i] && needs[i].IsEmpty ? 1 : 0;
        }

        return count;
    }
}
