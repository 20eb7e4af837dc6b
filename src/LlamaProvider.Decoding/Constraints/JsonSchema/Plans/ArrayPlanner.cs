using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;
using LlamaProvider.Decoding.Constraints.JsonSchema.Uniqueness;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>Plans arrays.</summary>
/// <param name="translator">Knows the schema.</param>
/// <param name="valueOf">The value of an expression, worked out or to be.</param>
internal sealed class ArrayPlanner(SchemaTranslator translator, Func<SchemaExpression, PlannedValue> valueOf)
{
    private const int MaxConditions = 4;

    public ArrayPlan Plan(ArrayShape shape)
    {
        if (shape.Contains.Length > MaxConditions)
        {
            throw new ConstraintTooComplexException($"An array of the JSON schema has {shape.Contains.Length} conditions of the kind of contains; at most {MaxConditions} can be followed.");
        }

        int places = Math.Max(shape.Prefix.Length, shape.Contains.Select(rule => rule.Start).DefaultIfEmpty(0).Max());
        ImmutableArray<ImmutableArray<PartOption>> items = [.. Enumerable.Range(0, places + 1).Select(index => Options(shape, index))];
        return new ArrayPlan(shape.Min, shape.Max, [.. shape.Contains.Select(static rule => new ItemCondition(rule.Min, rule.Max))], items, shape is { Unique: { } unique, Max: > 1 } ? PlanUnique(shape, unique) : null);
    }

    private UniqueItems? PlanUnique(ArrayShape shape, SchemaLocation location)
    {
        try
        {
            return UniqueItems.Plan(shape, location, translator);
        }
        catch (JsonSchemaNotSupportedException error)
        {
            translator.Unenforced.Leave(error);
            return null;
        }
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
                    parts.Add(translator.Schemas.Not(rule.Item));
                }
            }

            if (isPossible)
            {
                options.Add(new PartOption(valueOf(translator.Schemas.All(parts)), meets));
            }
        }

        return options.ToImmutable();
    }
}
