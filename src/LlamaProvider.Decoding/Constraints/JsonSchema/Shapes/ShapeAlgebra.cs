using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

/// <summary>Unions and intersections of shapes.</summary>
internal sealed class ShapeAlgebra
{
    private readonly JsonLexicon _lexicon;
    private readonly SchemaAlgebra _schemas;
    private readonly ConstraintLimits _limits;

    public ShapeAlgebra(JsonLexicon lexicon, SchemaAlgebra schemas, ConstraintLimits limits)
    {
        _lexicon = lexicon;
        _schemas = schemas;
        _limits = limits;
        AnyArray = new ArrayShape([], schemas.Anything, 0, int.MaxValue, []);
        Nothing = new ValueShape(JsonLiterals.None, NumberTexts.Of(lexicon.Algebra.Nothing), lexicon.Algebra.Nothing, [], []);
        Anything = new ValueShape(JsonLiterals.All, NumberTexts.Of(lexicon.Number), lexicon.AnyString, [AnyArray], [ObjectShape.Any]);
    }

    public ValueShape Nothing { get; }

    public ValueShape Anything { get; }

    public ArrayShape AnyArray { get; }

    public ValueShape Union(ValueShape left, ValueShape right)
    {
        if (ReferenceEquals(left, Nothing) || ReferenceEquals(right, Anything))
        {
            return right;
        }

        return ReferenceEquals(right, Nothing) || ReferenceEquals(left, Anything) ? left : new ValueShape(
            left.Literals | right.Literals,
            Union(left.Numbers, right.Numbers),
            _lexicon.Algebra.Choice(left.Strings, right.Strings),
            Alternatives(left.Arrays.Union(right.Arrays)),
            Alternatives(left.Objects.Union(right.Objects)));
    }

    public ValueShape Intersect(ValueShape left, ValueShape right)
    {
        if (ReferenceEquals(left, Anything) || ReferenceEquals(right, Nothing))
        {
            return right;
        }

        return ReferenceEquals(right, Anything) || ReferenceEquals(left, Nothing) ? left : new ValueShape(
            left.Literals & right.Literals,
            Intersect(left.Numbers, right.Numbers),
            _lexicon.Intersect(left.Strings, right.Strings),
            Alternatives(left.Arrays.SelectMany(_ => right.Arrays, Intersect)),
            Alternatives(left.Objects.SelectMany(_ => right.Objects, Intersect).OfType<ObjectShape>()));
    }

    private NumberTexts Union(NumberTexts left, NumberTexts right) => Combine(left, right, (one, other) => _lexicon.Algebra.Choice(one, other));

    private NumberTexts Intersect(NumberTexts left, NumberTexts right) => Combine(left, right, _lexicon.Intersect);

    private static NumberTexts Combine(NumberTexts left, NumberTexts right, Func<ByteExpression, ByteExpression, ByteExpression> combine)
    {
        ByteExpression written = combine(left.Written, right.Written);
        bool isSame = ReferenceEquals(left.Written, left.AllSpellings) && ReferenceEquals(right.Written, right.AllSpellings);
        return new NumberTexts(written, isSame ? written : combine(left.AllSpellings, right.AllSpellings));
    }

    private ImmutableArray<T> Alternatives<T>(IEnumerable<T> shapes)
    {
        ImmutableArray<T> alternatives = [.. shapes.Take(_limits.SchemaAlternatives + 1)];
        return alternatives.Length <= _limits.SchemaAlternatives ? alternatives : throw new ConstraintTooComplexException(
            $"A value of the JSON schema has more than {_limits.SchemaAlternatives:N0} alternatives, with allOf, anyOf, oneOf and not unfolded. Use fewer of them, or raise the limit {nameof(ConstraintLimits)}.{nameof(ConstraintLimits.SchemaAlternatives)}.");
    }

    private ArrayShape Intersect(ArrayShape left, ArrayShape right)
    {
        if (ReferenceEquals(left, AnyArray))
        {
            return right;
        }

        if (ReferenceEquals(right, AnyArray) || ReferenceEquals(left, right))
        {
            return left;
        }

        int prefix = Math.Max(left.Prefix.Length, right.Prefix.Length);
        return new ArrayShape(
            [.. Enumerable.Range(0, prefix).Select(index => _schemas.All(left.ItemAt(index), right.ItemAt(index)))],
            _schemas.All(left.Rest, right.Rest),
            Math.Max(left.Min, right.Min),
            Math.Min(left.Max, right.Max),
            [.. left.Contains.Union(right.Contains)],
            left.Unique ?? right.Unique);
    }

    private static ObjectShape? Intersect(ObjectShape left, ObjectShape right)
    {
        if (ReferenceEquals(left, ObjectShape.Any))
        {
            return right;
        }

        if (ReferenceEquals(right, ObjectShape.Any) || ReferenceEquals(left, right))
        {
            return left;
        }

        ObjectShape both = new(
            [.. left.Rules.Union(right.Rules)],
            left.Required.Union(right.Required),
            [.. left.Dependencies.Union(right.Dependencies)],
            [.. left.Exists.Union(right.Exists)],
            Math.Max(left.Min, right.Min),
            Math.Min(left.Max, right.Max));
        return both.Min > both.Max || both.Required.Count > both.Max || both.Required.Any(both.Forbids) ? null : both;
    }
}
