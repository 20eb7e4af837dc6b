namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>Whether an array with several conditions on its items, or with upper bounds on how many meet one, can be completed: each alone may be met where all together are not.</summary>
/// <remarks>A search among what matters of the items (<see cref="ArrayProgress"/>), which is finite; each is looked at once.</remarks>
internal static class ArraySearch
{
    private const int MaxSteps = 100_000;

    public static bool CanComplete(ArrayPlan plan, ArrayProgress start)
    {
        var seen = new HashSet<ArrayProgress> { start };
        var open = new Stack<ArrayProgress>(seen);
        while (open.TryPop(out ArrayProgress progress))
        {
            if (!IsWithin(plan, progress))
            {
                continue;
            }

            if (IsEnough(plan, progress))
            {
                return true;
            }

            if (seen.Count > MaxSteps)
            {
                throw new ConstraintTooComplexException(
                    $"Whether an array of the JSON schema can meet its conditions together was not found out in {MaxSteps:N0} steps. Use fewer of contains, minContains and maxContains, or smaller bounds.");
            }

            foreach (PartOption option in plan.ItemAt(progress.Count))
            {
                ArrayProgress next = progress.With(option.Meets, plan);
                if (option.Value.IsMet && seen.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        return false;
    }

    private static bool IsWithin(ArrayPlan plan, ArrayProgress progress)
    {
        bool isWithin = progress.Count <= plan.Max;
        for (int bit = 0; bit < plan.Conditions.Length; bit++)
        {
            isWithin &= progress.CountOf(bit) <= plan.Conditions[bit].Max;
        }

        return isWithin;
    }

    private static bool IsEnough(ArrayPlan plan, ArrayProgress progress)
    {
        bool isEnough = progress.Count >= plan.Min;
        for (int bit = 0; bit < plan.Conditions.Length; bit++)
        {
            isEnough &= progress.CountOf(bit) >= plan.Conditions[bit].Min;
        }

        return isEnough;
    }
}
