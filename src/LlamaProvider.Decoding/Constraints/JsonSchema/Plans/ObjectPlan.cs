using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>An object's shape, worked out.</summary>
/// <param name="Min">The fewest members.</param>
/// <param name="Max">The most members.</param>
/// <param name="Conditions">How many conditions there are, each of which some member must meet.</param>
/// <param name="HasDependencies">Whether some names must be there when others are.</param>
/// <param name="Names">The names that the schema mentions, or has a pattern for that few names match, in the order of their bytes.</param>
/// <param name="Others">The names that it does not mention, in classes that share no name. Each has more names than an object needs, so that only the beginning of one may be used up.</param>
/// <param name="MaxOthers">The most names that it does not mention.</param>
internal sealed record ObjectPlan(
    int Min, int Max, int Conditions, bool HasDependencies, ImmutableArray<NamePlan> Names, ImmutableArray<NameClassPlan> Others, int MaxOthers = int.MaxValue);

/// <summary>A name that the schema mentions.</summary>
/// <param name="Spelled">Its canonical spelling.</param>
/// <param name="Order">Its place among all of them in the schema's order; <see cref="Anywhere"/> when it has none.</param>
/// <param name="IsRequired">Whether it must be there.</param>
/// <param name="Needs">Names, by index, that must be there when it is.</param>
/// <param name="Options">What its value may be.</param>
internal sealed record NamePlan(byte[] Spelled, int Order, bool IsRequired, ImmutableArray<int> Needs, ImmutableArray<PartOption> Options)
{
    /// <summary>The order of a name that only a pattern mentions.</summary>
    public const int Anywhere = -1;
}

/// <summary>Names that the schema does not mention.</summary>
/// <param name="Names">The names in canonical spelling.</param>
/// <param name="Options">What their values may be.</param>
internal sealed record NameClassPlan(ByteExpression Names, ImmutableArray<PartOption> Options);
