using System.Collections.Immutable;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;

/// <summary>Makes expressions of schemas: flat, sorted, without repetitions, negation only on single schemas. One thread at a time.</summary>
/// <param name="limits">Bounds on their number.</param>
/// <param name="work">The work that it belongs to, when somebody may call that off.</param>
internal sealed class SchemaAlgebra(ConstraintLimits limits, ConstraintWork? work = null)
{
    private readonly Dictionary<string, SchemaExpression> _expressions = [];
    private readonly List<SchemaExpression> _byId = [];

    public SchemaExpression Anything => field ??= Intern("true", id => new AnyValueExpression { Id = id });

    public SchemaExpression Nothing => field ??= Intern("false", id => new NoValueExpression { Id = id });

    /// <summary>Expressions made so far; their numbers are 0 to one less.</summary>
    public int Count => _byId.Count;

    public SchemaExpression Schema(SchemaLocation location) => location.Element.ValueKind switch
    {
        JsonValueKind.True => Anything,
        JsonValueKind.False => Nothing,
        _ when location.Element.EnumerateObject().Any() => Intern(location.Pointer, id => new LocatedExpression(location) { Id = id }),
        _ => Anything,
    };

    public SchemaExpression Constant(JsonElement value, SchemaLocation location) =>
        Intern("=" + value.GetRawText(), id => new ConstantExpression(value, location) { Id = id });

    public SchemaExpression All(params IEnumerable<SchemaExpression> parts)
    {
        if (Flatten<AllExpression>(parts, Nothing, Anything, all => all.Parts) is not { } flat)
        {
            return Nothing;
        }

        return flat switch
        {
            [] => Anything,
            [SchemaExpression only] => only,
            _ when flat.Exists(part => part is NotExpression not && flat.Contains(not.Part)) => Nothing,
            _ => Intern("&" + string.Join(',', flat.Select(part => part.Id)), id => new AllExpression([.. flat]) { Id = id }),
        };
    }

    public SchemaExpression Any(params IEnumerable<SchemaExpression> parts)
    {
        if (Flatten<AnyExpression>(parts, Anything, Nothing, any => any.Parts) is not { } flat)
        {
            return Anything;
        }

        return flat switch
        {
            [] => Nothing,
            [SchemaExpression only] => only,
            _ => Intern("|" + string.Join(',', flat.Select(part => part.Id)), id => new AnyExpression([.. flat]) { Id = id }),
        };
    }

    public SchemaExpression Not(SchemaExpression part) => part switch
    {
        AnyValueExpression => Nothing,
        NoValueExpression => Anything,
        NotExpression not => not.Part,
        AllExpression all => Any(all.Parts.Select(Not)),
        AnyExpression any => All(any.Parts.Select(Not)),
        _ => Intern($"!{part.Id}", id => new NotExpression(part) { Id = id }),
    };

    private static List<SchemaExpression>? Flatten<TKind>(
        IEnumerable<SchemaExpression> parts, SchemaExpression absorbing, SchemaExpression neutral, Func<TKind, ImmutableArray<SchemaExpression>> partsOf)
        where TKind : SchemaExpression
    {
        var flat = new List<SchemaExpression>();
        foreach (SchemaExpression part in parts)
        {
            if (ReferenceEquals(part, absorbing))
            {
                return null;
            }

            if (ReferenceEquals(part, neutral))
            {
                continue;
            }

            if (part is TKind kind)
            {
                flat.AddRange(partsOf(kind));
            }
            else
            {
                flat.Add(part);
            }
        }

        return flat.Count < 2 ? flat : [.. flat.Distinct().OrderBy(static part => part.Id)];
    }

    private SchemaExpression Intern(string key, Func<int, SchemaExpression> create)
    {
        if (!_expressions.TryGetValue(key, out SchemaExpression? known))
        {
            work?.Check();
            if (_byId.Count >= limits.SchemaCombinations)
            {
                throw new ConstraintTooComplexException(
                    $"The JSON schema combines its parts in more than {limits.SchemaCombinations:N0} ways. Use fewer of allOf, anyOf, oneOf and not, or raise the limit {nameof(ConstraintLimits)}.{nameof(ConstraintLimits.SchemaCombinations)}.");
            }

            known = create(_byId.Count);
            _byId.Add(known);
            _expressions.Add(key, known);
        }

        return known;
    }
}
