using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>Plans arrays.</summary>
internal sealed class ArrayPlanner(SchemaAlgebra schemas)
{
    private const int MaxConditions = 4;

    public ArrayPlan Plan(ArrayShape shape)
    {
        if (shape.Contains.Length > MaxConditions)
        {
            throw new ConstraintTooComplexException($"An array of the JSON schema has {shape.Contains.Length} conditions of the kind of contains; at most {MaxConditions} can be followed.");
        }

        int places = Math.Max(shape.Prefix.Length, shape.Contains.Select(rule => rule.Start).DefaultIfEmpty(0).Max());
        return new ArrayPlan(shape, [.. Enumerable.Range(0, places + 1).Select(index => Options(shape, index))]);
    }

    /// <summary>Whether an array can be filled with items that are met.</summary>
    public static bool IsMet(ArrayPlan plan, Predicate<SchemaExpression> isMet) =>
        plan.Shape.Min <= plan.Shape.Max && CanFill(plan, isMet, 0, plan.Shape.Min) && plan.Shape.Contains.Select((rule, bit) => CanMeet(plan, isMet, rule, bit)).All(can => can);

    /// <summary>Whether the items from one place to another can be had.</summary>
    private static bool CanFill(ArrayPlan plan, Predicate<SchemaExpression> isMet, int start, int end)
    {
        for (int i = start; i < Math.Min(end, plan.Items.Length); i++)
        {
            if (!plan.Items[i].Any(option => isMet(option.Value)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool CanMeet(ArrayPlan plan, Predicate<SchemaExpression> isMet, ContainsRule rule, int bit)
    {
        int needed = rule.Min;
        for (int i = 0; needed > 0 && i < plan.Shape.Max && CanFill(plan, isMet, i, i + 1); i++)
        {
            needed -= plan.ItemAt(i).Any(option => (option.Meets >> bit & 1) != 0 && isMet(option.Value)) ? 1 : 0;
            if (i >= plan.Items.Length && needed == rule.Min)
            {
                return false;
            }
        }

        return needed <= 0;
    }

    // An item may meet any set of conditions. Where a condition has an upper bound, not meeting it has to be sure.
    private ImmutableArray<PartOption> Options(ArrayShape shape, int index)
    {
        SchemaExpression item = shape.ItemAt(index);
        var options = ImmutableArray.CreateBuilder<PartOption>();
        for (int meets = 0; meets < 1 << shape.Contains.Length; meets++)
        {
            var parts = new List<SchemaExpression> { item };
            bool isPossible = true;
            for (int bit = 0; bit < shape.Contains.Length; bit++)
            {
                ContainsRule rule = shape.Contains[bit];
                bool isMet = (meets >> bit & 1) != 0;
                isPossible &= !isMet || index >= rule.Start;
                if (isMet)
                {
                    parts.Add(rule.Item);
                }
                else if (rule.Max < int.MaxValue && index >= rule.Start)
                {
                    parts.Add(schemas.Not(rule.Item));
                }
            }

            if (isPossible)
            {
                options.Add(new PartOption(schemas.All(parts), meets));
            }
        }

        return options.ToImmutable();
    }
}
