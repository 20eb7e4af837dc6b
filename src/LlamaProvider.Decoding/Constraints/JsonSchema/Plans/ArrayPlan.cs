using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>An array's shape, worked out.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Items">By place what an item may be; the last entry stands for all further places.</param>
internal sealed record ArrayPlan(ArrayShape Shape, ImmutableArray<ImmutableArray<PartOption>> Items)
{
    public ImmutableArray<PartOption> ItemAt(int index) => Items[Math.Min(index, Items.Length - 1)];
}
