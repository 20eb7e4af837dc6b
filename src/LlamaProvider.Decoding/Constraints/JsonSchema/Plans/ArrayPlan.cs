using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.JsonSchema.Uniqueness;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>An array's shape, worked out.</summary>
/// <param name="Min">The fewest items.</param>
/// <param name="Max">The most items.</param>
/// <param name="Conditions">How many items must meet each condition.</param>
/// <param name="Items">By place what an item may be; the last entry stands for all further places.</param>
/// <param name="Unique">What the items may be where no two may be equal; <see langword="null"/> where they may.</param>
internal sealed record ArrayPlan(
    int Min, int Max, ImmutableArray<ItemCondition> Conditions, ImmutableArray<ImmutableArray<PartOption>> Items, UniqueItems? Unique = null)
{
    public ImmutableArray<PartOption> ItemAt(int index) => Items[Math.Min(index, Items.Length - 1)];
}

/// <summary>Between <paramref name="Min"/> and <paramref name="Max"/> items meet it.</summary>
internal readonly record struct ItemCondition(int Min, int Max);
