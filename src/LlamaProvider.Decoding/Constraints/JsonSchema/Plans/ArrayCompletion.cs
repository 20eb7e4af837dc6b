namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>Whether an array can be completed, from nothing or from what is there.</summary>
internal static class ArrayCompletion
{
    /// <param name="plan">The array.</param>
    /// <param name="progress">What is there.</param>
    public static bool CanComplete(ArrayPlan plan, ArrayProgress progress)
    {
        if (plan.Unique is { } unique)
        {
            return unique.CanComplete(progress.Count, progress.Used);
        }

        if (plan.Conditions.Length > 1 || plan.Conditions is [{ Max: < int.MaxValue }])
        {
            return ArraySearch.CanComplete(plan, progress);
        }

        if (plan.Min > plan.Max || progress.Count > plan.Max || !CanFill(plan, progress.Count))
        {
            return false;
        }

        for (int bit = 0; bit < plan.Conditions.Length; bit++)
        {
            if (!CanMeet(plan, progress, bit))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the fewest items can be had. All places from the plan's last on are alike, so the first of them tells for all.</summary>
    private static bool CanFill(ArrayPlan plan, int start)
    {
        for (int i = start; i < Math.Min(plan.Min, Math.Max(start, plan.Items.Length) + 1); i++)
        {
            if (!IsMet(plan, i))
            {
                return false;
            }
        }

        return true;
    }

    private static bool CanMeet(ArrayPlan plan, ArrayProgress progress, int bit)
    {
        int needed = plan.Conditions[bit].Min - progress.CountOf(bit);
        for (int i = progress.Count; needed > 0; i++)
        {
            if (i >= plan.Max || !IsMet(plan, i))
            {
                return false;
            }

            bool meets = plan.ItemAt(i).Any(option => (option.Meets >> bit & 1) != 0 && option.Value.IsMet);
            if (i >= plan.Items.Length - 1)
            {
                return meets && needed <= (long)plan.Max - i;
            }

            needed -= meets ? 1 : 0;
        }

        return true;
    }

    private static bool IsMet(ArrayPlan plan, int index) => plan.ItemAt(index).Any(option => option.Value.IsMet);
}
