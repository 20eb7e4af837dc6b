using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>Whether an array can be completed, from nothing or from what is there.</summary>
internal static class ArrayCompletion
{
    /// <param name="plan">The array.</param>
    /// <param name="progress">What is there.</param>
    /// <param name="isMet">Whether a value meets an expression.</param>
    public static bool CanComplete(ArrayPlan plan, ArrayProgress progress, Predicate<SchemaExpression> isMet)
    {
        ArrayShape shape = plan.Shape;
        if (plan.Unique is { } unique)
        {
            return unique.CanComplete(progress.Count, progress.Used);
        }

        if (shape.Contains.Length > 1 || shape.Contains is [{ Max: < int.MaxValue }])
        {
            return ArraySearch.CanComplete(plan, progress, isMet);
        }

        if (shape.Min > shape.Max || progress.Count > shape.Max || !CanFill(plan, progress.Count, isMet))
        {
            return false;
        }

        for (int bit = 0; bit < shape.Contains.Length; bit++)
        {
            if (!CanMeet(plan, progress, bit, isMet))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the fewest items can be had. All places from the plan's last on are alike, so the first of them tells for all.</summary>
    private static bool CanFill(ArrayPlan plan, int start, Predicate<SchemaExpression> isMet)
    {
        for (int i = start; i < Math.Min(plan.Shape.Min, Math.Max(start, plan.Items.Length) + 1); i++)
        {
            if (!IsMet(plan, i, isMet))
            {
                return false;
            }
        }

        return true;
    }

    private static bool CanMeet(ArrayPlan plan, ArrayProgress progress, int bit, Predicate<SchemaExpression> isMet)
    {
        int needed = plan.Shape.Contains[bit].Min - progress.CountOf(bit);
        for (int i = progress.Count; needed > 0; i++)
        {
            if (i >= plan.Shape.Max || !IsMet(plan, i, isMet))
            {
                return false;
            }

            bool meets = plan.ItemAt(i).Any(option => (option.Meets >> bit & 1) != 0 && isMet(option.Value));
            if (i >= plan.Items.Length - 1)
            {
                return meets && needed <= (long)plan.Shape.Max - i;
            }

            needed -= meets ? 1 : 0;
        }

        return true;
    }

    private static bool IsMet(ArrayPlan plan, int index, Predicate<SchemaExpression> isMet) => plan.ItemAt(index).Any(option => isMet(option.Value));
}
