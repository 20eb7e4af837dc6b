using System.Collections.Immutable;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

/// <summary>The keywords <c>prefixItems</c>, <c>items</c>, <c>additionalItems</c>, <c>minItems</c>, <c>maxItems</c>, <c>contains</c> with its bounds, and <c>uniqueItems</c>.</summary>
internal static class ArrayKeywords
{
    private static readonly string[] Keywords = ["prefixItems", "items", "additionalItems", "minItems", "maxItems", "contains", "uniqueItems", "unevaluatedItems"];

    public static ValueShape? Read(SchemaLocation location, SchemaTranslator translator)
    {
        if (!Array.Exists(Keywords, keyword => location.TryGet(keyword, out _)))
        {
            return null;
        }

        SchemaAlgebra schemas = translator.Schemas;
        (ImmutableArray<SchemaExpression> prefix, SchemaExpression rest) = Items(location, schemas);
        var shape = new ArrayShape(
            prefix,
            rest,
            location.TryGet("minItems", out _) ? location.Count("minItems") : 0,
            location.TryGet("maxItems", out _) ? location.Count("maxItems") : int.MaxValue,
            []);
        shape = location.TryGet("contains", out _) ? Contain(shape, location, schemas) : shape;
        shape = location.TryGet("uniqueItems", out JsonElement unique) && unique.ValueKind == JsonValueKind.True && shape.Max > 1 ? shape with { Unique = location } : shape;
        Refuse(location, translator);
        return translator.Shapes.Anything with { Arrays = [shape] };
    }

    private static (ImmutableArray<SchemaExpression> Prefix, SchemaExpression Further) Items(SchemaLocation location, SchemaAlgebra schemas)
    {
        if (location.TryGet("prefixItems", out _))
        {
            return ([.. location.Children("prefixItems").Select(schemas.Schema)], location.TryGet("items", out _) ? schemas.Schema(location.Child("items")) : schemas.Anything);
        }

        if (!location.TryGet("items", out JsonElement items))
        {
            return ([], schemas.Anything);
        }

        // Up to draft 2019-09 an array of items was what prefixItems is now.
        return items.ValueKind != JsonValueKind.Array
            ? ([], schemas.Schema(location.Child("items")))
            : (items.GetArrayLength() == 0 ? [] : [.. location.Children("items").Select(schemas.Schema)],
                location.TryGet("additionalItems", out _) ? schemas.Schema(location.Child("additionalItems")) : schemas.Anything);
    }

    private static ArrayShape Contain(ArrayShape shape, SchemaLocation location, SchemaAlgebra schemas)
    {
        SchemaExpression item = schemas.Schema(location.Child("contains"));
        int min = location.TryGet("minContains", out _) ? location.Count("minContains") : 1;
        int max = location.TryGet("maxContains", out _) ? location.Count("maxContains") : int.MaxValue;
        return min == 0 && max == int.MaxValue ? shape
            : item is AnyValueExpression ? shape with { Min = Math.Max(shape.Min, min), Max = Math.Min(shape.Max, max) }
            : shape with { Contains = [new ContainsRule(item, min, max)] };
    }

    private static void Refuse(SchemaLocation location, SchemaTranslator translator)
    {
        if (location.TryGet("unevaluatedItems", out JsonElement unevaluated) && unevaluated.ValueKind != JsonValueKind.True)
        {
            translator.Unenforced.Leave(location, "unevaluatedItems", "what counts as evaluated depends on which branches a value meets. Use items beside prefixItems.");
        }
    }
}
