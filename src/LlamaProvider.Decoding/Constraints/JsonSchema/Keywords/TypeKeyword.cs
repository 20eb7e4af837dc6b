using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

/// <summary>The keyword <c>type</c>.</summary>
internal static class TypeKeyword
{
    public static ValueShape? Read(SchemaLocation location, SchemaTranslator translator)
    {
        if (!location.TryGet("type", out JsonElement type))
        {
            return null;
        }

        return type.ValueKind switch
        {
            JsonValueKind.String => Of(type, location, translator),
            JsonValueKind.Array => type.EnumerateArray().Select(item => Of(item, location, translator)).Aggregate(translator.Shapes.Nothing, translator.Shapes.Union),
            _ => throw location.Invalid("type", "must be a type's name or an array of names"),
        };
    }

    private static ValueShape Of(JsonElement type, SchemaLocation location, SchemaTranslator translator)
    {
        ValueShape nothing = translator.Shapes.Nothing;
        JsonLexicon lexicon = translator.Lexicon;
        return (type.ValueKind == JsonValueKind.String ? type.GetString() : null) switch
        {
            "null" => nothing with { Literals = JsonLiterals.Null },
            "boolean" => nothing with { Literals = JsonLiterals.Booleans },
            "integer" => nothing with { Numbers = Integers(location, lexicon) },
            "number" => nothing with { Numbers = NumberTexts.Of(lexicon.Number) },
            "string" => nothing with { Strings = lexicon.AnyString },
            "array" => nothing with { Arrays = [translator.Shapes.AnyArray] },
            "object" => nothing with { Objects = [ObjectShape.Any] },
            "any" => translator.Shapes.Anything,
            _ => throw location.Invalid("type", "the types are null, boolean, integer, number, string, array and object"),
        };
    }

    // 5.0 is an integer to the schema but not to most programs that read the text, so it is known as one and never written.
    private static NumberTexts Integers(SchemaLocation location, JsonLexicon lexicon) => new(
        NumberLanguage.Integer(lexicon.Algebra, allowZeroFraction: false),
        NumberLanguage.Integer(lexicon.Algebra, !location.Document.Dialect.WholeFractionsAreNoIntegers));
}
