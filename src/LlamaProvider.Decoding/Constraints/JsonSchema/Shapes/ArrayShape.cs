using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

/// <summary>Arrays whose items meet conditions by their place, with bounds on how many there are.</summary>
/// <param name="Prefix">The first items, by place.</param>
/// <param name="Rest">Every item after those.</param>
/// <param name="Min">The fewest items.</param>
/// <param name="Max">The most items.</param>
/// <param name="Contains">What a number of items must be, wherever they stand.</param>
/// <param name="Unique">The schema that asks for items of which no two are equal; <see langword="null"/> when none does.</param>
internal sealed record ArrayShape(
    ImmutableArray<SchemaExpression> Prefix, SchemaExpression Rest, int Min, int Max, ImmutableArray<ContainsRule> Contains, SchemaLocation? Unique = null)
{
    /// <summary>What the item at a place is.</summary>
    public SchemaExpression ItemAt(int index) => index < Prefix.Length ? Prefix[index] : Rest;
}

/// <summary>Between <paramref name="Min"/> and <paramref name="Max"/> items from the place <paramref name="Start"/> on are these.</summary>
internal sealed record ContainsRule(SchemaExpression Item, int Min, int Max, int Start = 0);
