using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

/// <summary>Objects whose members meet conditions by their name, with bounds on how many there are.</summary>
/// <param name="Rules">What the members' values are; each holds.</param>
/// <param name="Required">Names that are there.</param>
/// <param name="Dependencies">Names that are there when another is.</param>
/// <param name="Exists">For each, at least one member with such a name and value is there.</param>
/// <param name="Min">The fewest members.</param>
/// <param name="Max">The most members.</param>
internal sealed record ObjectShape(
    ImmutableArray<MemberRules> Rules,
    ImmutableSortedSet<string> Required,
    ImmutableArray<(string Name, ImmutableArray<string> Needs)> Dependencies,
    ImmutableArray<(ByteExpression Names, SchemaExpression Value)> Exists,
    int Min,
    int Max)
{
    public static ObjectShape Any { get; } = new([], Names(), [], [], 0, int.MaxValue);

    /// <summary>A set of names, in an order that no process changes.</summary>
    public static ImmutableSortedSet<string> Names(params IEnumerable<string> names) => names.ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>Whether no member of this name may be there.</summary>
    public bool Forbids(string name) => Rules.Any(rules => rules.Find(name) is NoValueExpression || (rules.Find(name) is null && rules.Patterns.IsEmpty && rules.Others is NoValueExpression));
}

/// <summary>
/// What <c>properties</c>, <c>patternProperties</c> and <c>additionalProperties</c> of one schema say: a member is what its name and all patterns that its name matches ask, or,
/// when there is none of these, what the others are.
/// </summary>
/// <param name="Named">By name, in the schema's order.</param>
/// <param name="Patterns">By a language of names, as strings.</param>
/// <param name="Others">All others.</param>
internal sealed record MemberRules(
    ImmutableArray<KeyValuePair<string, SchemaExpression>> Named,
    ImmutableArray<(ByteExpression Names, SchemaExpression Value)> Patterns,
    SchemaExpression Others)
{
    private readonly Dictionary<string, SchemaExpression> _byName = Named.DistinctBy(member => member.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    public SchemaExpression? Find(string name) => _byName.GetValueOrDefault(name);
}
