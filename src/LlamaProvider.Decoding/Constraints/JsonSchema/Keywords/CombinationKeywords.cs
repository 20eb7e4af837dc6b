using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

/// <summary>The keywords <c>$ref</c>, <c>allOf</c>, <c>anyOf</c>, <c>oneOf</c>, <c>not</c>, <c>if</c>, <c>then</c> and <c>else</c>, as expressions over schemas.</summary>
internal static class CombinationKeywords
{
    /// <param name="location">The schema.</param>
    /// <param name="context">What its other keywords allow.</param>
    /// <param name="translator">Makes the expressions.</param>
    public static IEnumerable<SchemaExpression> Read(SchemaLocation location, ValueShape context, SchemaTranslator translator)
    {
        SchemaAlgebra schemas = translator.Schemas;
        foreach (string keyword in (IEnumerable<string>)["$ref", "$recursiveRef", "$dynamicRef"])
        {
            if (location.TryGet(keyword, out _))
            {
                yield return Reference(location, keyword, translator);
            }
        }

        if (location.TryGet("allOf", out _))
        {
            yield return schemas.All(location.Children("allOf").Select(schemas.Schema));
        }

        if (location.TryGet("anyOf", out _))
        {
            yield return schemas.Any(location.Children("anyOf").Select(schemas.Schema));
        }

        if (location.TryGet("oneOf", out _))
        {
            yield return ExactlyOne([.. location.Children("oneOf").Select(schemas.Schema)], context, translator);
        }

        if (location.TryGet("not", out _))
        {
            yield return schemas.Not(schemas.Schema(location.Child("not")));
        }

        if (location.TryGet("if", out _))
        {
            yield return Conditional(location, schemas);
        }
    }

    public static SchemaExpression Reference(SchemaLocation location, string keyword, SchemaTranslator translator)
    {
        JsonElement reference = location.Element.GetProperty(keyword);
        if (reference.ValueKind != JsonValueKind.String)
        {
            throw location.Invalid(keyword, "must be a text");
        }

        if (keyword != "$ref" && reference.GetString() != "#")
        {
            throw location.NotSupported(keyword, "which schema it means depends on the way that led to it. Use $ref.");
        }

        return translator.Schemas.Schema(location.Document.Resolve(location, keyword, location.TextOf(reference)));
    }

    /// <summary>A branch, and no other that could be met as well. Branches that exclude each other anyway need no complement.</summary>
    private static SchemaExpression ExactlyOne(SchemaExpression[] branches, ValueShape context, SchemaTranslator translator)
    {
        SchemaAlgebra schemas = translator.Schemas;
        return schemas.Any(branches.Select((branch, index) => schemas.All(
        [
            branch,
            .. branches.Where((other, otherIndex) => otherIndex != index && !translator.Disjointness.AreDisjoint(branch, other, context)).Select(schemas.Not),
        ])));
    }

    private static SchemaExpression Conditional(SchemaLocation location, SchemaAlgebra schemas)
    {
        SchemaExpression condition = schemas.Schema(location.Child("if"));
        SchemaExpression then = location.TryGet("then", out _) ? schemas.Schema(location.Child("then")) : schemas.Anything;
        SchemaExpression otherwise = location.TryGet("else", out _) ? schemas.Schema(location.Child("else")) : schemas.Anything;
        return schemas.Any(schemas.All(condition, then), schemas.All(schemas.Not(condition), otherwise));
    }
}
