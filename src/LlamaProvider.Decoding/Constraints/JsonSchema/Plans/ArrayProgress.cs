using LlamaProvider.Decoding.Constraints.JsonSchema.Uniqueness;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>How much of an array is there: items, and how many of them meet each condition; counted only as far as it matters.</summary>
/// <param name="Count">Items.</param>
/// <param name="Met0">Items that meet the first condition.</param>
/// <param name="Met1">The second.</param>
/// <param name="Met2">The third.</param>
/// <param name="Met3">The fourth.</param>
/// <param name="Used">The items themselves, where no two may be equal.</param>
internal readonly record struct ArrayProgress(int Count, int Met0, int Met1, int Met2, int Met3, UsedValues? Used = null)
{
    public static ArrayProgress Start => default;

    public int CountOf(int bit) => bit switch { 0 => Met0, 1 => Met1, 2 => Met2, _ => Met3 };

    public ArrayProgress With(int meets, ArrayPlan plan)
    {
        int last = plan.Max < int.MaxValue ? plan.Max + 1 : Math.Max(plan.Min, plan.Items.Length - 1);
        int Counted(int bit, int count)
        {
            if (bit >= plan.Conditions.Length)
            {
                return 0;
            }

            ItemCondition condition = plan.Conditions[bit];
            return Math.Min(count + (meets >> bit & 1), condition.Max < int.MaxValue ? condition.Max + 1 : condition.Min);
        }

        return new ArrayProgress(Math.Min(Count + 1, last), Counted(0, Met0), Counted(1, Met1), Counted(2, Met2), Counted(3, Met3));
    }

    /// <summary>With one more item, remembered.</summary>
    public ArrayProgress WithValue(byte[] text) => this with { Count = Count + 1, Used = new UsedValues(text, Used) };
}
