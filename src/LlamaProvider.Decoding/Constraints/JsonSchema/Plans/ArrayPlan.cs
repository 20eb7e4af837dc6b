using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;
using LlamaProvider.Decoding.Constraints.JsonSchema.Uniqueness;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>An array's shape, worked out.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Items">By place what an item may be; the last entry stands for all further places.</param>
/// <param name="Unique">What the items may be where no two may be equal; <see langword="null"/> where they may.</param>
internal sealed record ArrayPlan(ArrayShape Shape, ImmutableArray<ImmutableArray<PartOption>> Items, UniqueItems? Unique = null)
{
    public ImmutableArray<PartOption> ItemAt(int index) => Items[Math.Min(index, Items.Length - 1)];
}
