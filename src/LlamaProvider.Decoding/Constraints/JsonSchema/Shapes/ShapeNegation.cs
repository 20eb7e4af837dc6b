using System.Collections.Immutable;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

/// <summary>
/// The values that a shape does not have. A scalar's languages are complemented; an array or object fails a conjunction by failing one of its conditions, so each condition
/// gives an alternative.
/// </summary>
internal sealed class ShapeNegation(ShapeAlgebra shapes, SchemaAlgebra schemas, JsonLexicon lexicon)
{
    public ValueShape Negate(ValueShape shape)
    {
        ValueShape result = new(JsonLiterals.All & ~shape.Literals, lexicon.OtherNumbers(shape.Numbers), lexicon.OtherStrings(shape.Strings), [shapes.AnyArray], [ObjectShape.Any]);
        foreach (ArrayShape array in shape.Arrays)
        {
            result = shapes.Intersect(result, shapes.Anything with { Arrays = [.. Failures(array)] });
        }

        foreach (ObjectShape @object in shape.Objects)
        {
            result = shapes.Intersect(result, shapes.Anything with { Objects = [.. Failures(@object)] });
        }

        return result;
    }

    private IEnumerable<ArrayShape> Failures(ArrayShape array)
    {
        ArrayShape any = shapes.AnyArray;
        if (array.Unique is { } unique)
        {
            throw unique.NotSupported("uniqueItems", "what may not be so has two equal items, and no place says which. Ask for it outside of not, if and oneOf.");
        }

        if (array.Min > 0)
        {
            yield return any with { Max = array.Min - 1 };
        }

        if (array.Max < int.MaxValue)
        {
            yield return any with { Min = array.Max + 1 };
        }

        for (int i = 0; i < array.Prefix.Length; i++)
        {
            if (schemas.Not(array.Prefix[i]) is not NoValueExpression and var other)
            {
                yield return any with { Prefix = [.. Enumerable.Repeat(schemas.Anything, i), other], Min = i + 1 };
            }
        }

        if (schemas.Not(array.Rest) is not NoValueExpression and var otherRest)
        {
            yield return otherRest is AnyValueExpression
                ? any with { Min = array.Prefix.Length + 1 }
                : any with { Contains = [new ContainsRule(otherRest, 1, int.MaxValue, array.Prefix.Length)] };
        }

        foreach (ContainsRule rule in array.Contains)
        {
            if (rule.Min > 0)
            {
                yield return any with { Contains = [rule with { Min = 0, Max = rule.Min - 1 }] };
            }

            if (rule.Max < int.MaxValue)
            {
                yield return any with { Contains = [rule with { Min = rule.Max + 1, Max = int.MaxValue }] };
            }
        }
    }

    private IEnumerable<ObjectShape> Failures(ObjectShape shape)
    {
        ObjectShape any = ObjectShape.Any;
        if (shape.Min > 0)
        {
            yield return any with { Max = shape.Min - 1 };
        }

        if (shape.Max < int.MaxValue)
        {
            yield return any with { Min = shape.Max + 1 };
        }

        foreach (string name in shape.Required)
        {
            yield return Without(name);
        }

        foreach ((string name, ImmutableArray<string> needs) in shape.Dependencies)
        {
            foreach (string need in needs)
            {
                yield return Without(need) with { Required = ObjectShape.Names(name) };
            }
        }

        foreach (ObjectShape failure in shape.Rules.SelectMany(Failures))
        {
            yield return failure;
        }

        foreach ((ByteExpression names, SchemaExpression value) in shape.Exists)
        {
            yield return any with { Rules = [new MemberRules([], [(names, schemas.Not(value))], schemas.Anything)] };
        }
    }

    private IEnumerable<ObjectShape> Failures(MemberRules rules)
    {
        foreach ((string name, SchemaExpression value) in rules.Named)
        {
            if (schemas.Not(value) is not NoValueExpression and var other)
            {
                yield return ObjectShape.Any with { Rules = [new MemberRules([new(name, other)], [], schemas.Anything)], Required = ObjectShape.Names(name) };
            }
        }

        foreach ((ByteExpression names, SchemaExpression value) in rules.Patterns)
        {
            if (schemas.Not(value) is not NoValueExpression and var other)
            {
                yield return ObjectShape.Any with { Exists = [(names, other)] };
            }
        }

        if (schemas.Not(rules.Others) is not NoValueExpression and var otherValue)
        {
            yield return ObjectShape.Any with { Exists = [(OtherNames(rules), otherValue)] };
        }
    }

    private ByteExpression OtherNames(MemberRules rules)
    {
        ByteAlgebra algebra = lexicon.Algebra;
        ByteExpression named = algebra.Words(new WordList(rules.Named.Select(member => JsonText.Spell(member.Key))));
        return lexicon.OtherNames(lexicon.AnyName, algebra.Choice([named, .. rules.Patterns.Select(pattern => pattern.Names)]));
    }

    private ObjectShape Without(string name) =>
        ObjectShape.Any with { Rules = [new MemberRules([new(name, schemas.Nothing)], [], schemas.Anything)] };
}
