using System.Collections.Immutable;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

/// <summary>
/// The keywords <c>properties</c>, <c>patternProperties</c>, <c>additionalProperties</c>, <c>required</c>, <c>minProperties</c>, <c>maxProperties</c> and <c>propertyNames</c>.
/// </summary>
internal static class ObjectKeywords
{
    private static readonly string[] MemberKeywords = ["properties", "patternProperties", "additionalProperties"];

    public static ValueShape? Read(SchemaLocation location, SchemaTranslator translator)
    {
        ObjectShape shape = ObjectShape.Any;
        if (Array.Exists(MemberKeywords, keyword => location.TryGet(keyword, out _)))
        {
            shape = shape with { Rules = [Members(location, translator)] };
        }

        if (location.TryGet("propertyNames", out _))
        {
            shape = shape with { Rules = shape.Rules.Add(Names(location, translator)) };
        }

        // Up to draft 3 a property itself said that it is required; such a true or false asks nothing of this object.
        if (location.TryGet("required", out JsonElement required) && required.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            shape = shape with { Required = ObjectShape.Names(location.Texts("required", required)) };
        }

        if (location.TryGet("minProperties", out _))
        {
            shape = shape with { Min = location.Count("minProperties") };
        }

        if (location.TryGet("maxProperties", out _))
        {
            shape = shape with { Max = location.Count("maxProperties") };
        }

        if (location.TryGet("unevaluatedProperties", out JsonElement unevaluated) && unevaluated.ValueKind != JsonValueKind.True)
        {
            translator.Unenforced.Leave(location, "unevaluatedProperties", "what counts as evaluated depends on which branches a value meets. Use additionalProperties with all properties in one place.");
        }

        return ReferenceEquals(shape, ObjectShape.Any) ? null : translator.Shapes.Anything with { Objects = [shape] };
    }

    private static MemberRules Members(SchemaLocation location, SchemaTranslator translator)
    {
        SchemaAlgebra schemas = translator.Schemas;
        IEnumerable<KeyValuePair<string, SchemaExpression>> named = location.TryGet("properties", out _)
            ? location.Members("properties").Select(member => KeyValuePair.Create(member.Key, schemas.Schema(member.Value)))
            : [];
        SchemaExpression others = location.TryGet("additionalProperties", out _) ? schemas.Schema(location.Child("additionalProperties")) : schemas.Anything;
        return Patterns(location, translator) is { } patterns
            ? new MemberRules([.. named], patterns, others)
            : new MemberRules([.. named], [], schemas.Anything);
    }

    /// <summary>Names by pattern; <see langword="null"/> when they are left out, so that any name may match one.</summary>
    private static ImmutableArray<(ByteExpression, SchemaExpression)>? Patterns(SchemaLocation location, SchemaTranslator translator)
    {
        if (!location.TryGet("patternProperties", out _))
        {
            return ImmutableArray<(ByteExpression, SchemaExpression)>.Empty;
        }

        try
        {
            return [.. location.Members("patternProperties").Select(member => (NamesLike(member.Key, location, translator), translator.Schemas.Schema(member.Value)))];
        }
        catch (JsonSchemaNotSupportedException error)
        {
            translator.Unenforced.Leave(error);
            return null;
        }
    }

    private static ByteExpression NamesLike(string pattern, SchemaLocation location, SchemaTranslator translator) =>
        StringKeywords.Pattern(pattern, "patternProperties", location, translator);

    private static MemberRules Names(SchemaLocation location, SchemaTranslator translator)
    {
        ByteExpression strings = translator.ShapeOf(translator.Schemas.Schema(location.Child("propertyNames"))).Strings;
        return new MemberRules([], [(translator.Lexicon.OtherStrings(strings), translator.Schemas.Nothing)], translator.Schemas.Anything);
    }
}
