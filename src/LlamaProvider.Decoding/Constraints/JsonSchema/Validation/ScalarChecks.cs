using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Validation;

/// <summary>The keywords about a value as a whole, about texts and about numbers.</summary>
internal sealed class ScalarChecks(TextChecks texts)
{
    public SchemaFault? Check(SchemaLocation schema, JsonElement value, string at)
    {
        SchemaFault? Fault(string keyword, bool isMet) => isMet ? null : new SchemaFault(schema.Pointer, keyword, at);
        SchemaFault? fault = null;
        if (schema.TryGet("type", out JsonElement type))
        {
            fault = Fault("type", type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(name => IsOfType(schema, name, value)) : IsOfType(schema, type, value));
        }

        if (schema.TryGet("const", out JsonElement constant))
        {
            fault ??= Fault("const", JsonElement.DeepEquals(constant, value));
        }

        if (schema.TryGet("enum", out JsonElement values))
        {
            fault ??= Fault("enum", values.EnumerateArray().Any(item => JsonElement.DeepEquals(item, value)));
        }

        return fault ?? value.ValueKind switch
        {
            JsonValueKind.String => CheckText(schema, value.GetString()!, Fault),
            JsonValueKind.Number => CheckNumber(schema, value, Fault),
            _ => null,
        };
    }

    private SchemaFault? CheckText(SchemaLocation schema, string text, Func<string, bool, SchemaFault?> fault) =>
        fault("minLength", !schema.TryGet("minLength", out _) || TextChecks.LengthOf(text) >= schema.Count("minLength"))
        ?? fault("maxLength", !schema.TryGet("maxLength", out _) || TextChecks.LengthOf(text) <= schema.Count("maxLength"))
        ?? fault("pattern", !schema.TryGet("pattern", out JsonElement pattern) || texts.Matches(schema.TextOf(pattern), text))
        ?? fault("format", !schema.TryGet("format", out JsonElement format) || format.ValueKind != JsonValueKind.String || texts.HasFormat(format.GetString()!, text));

    private static SchemaFault? CheckNumber(SchemaLocation schema, JsonElement value, Func<string, bool, SchemaFault?> fault)
    {
        var number = new Lazy<ExactNumber>(() => ExactNumber.Parse(value.GetRawText()));
        bool Keeps(string keyword, Func<ExactNumber, bool> isMet) =>
            !schema.TryGet(keyword, out JsonElement bound) || bound.ValueKind != JsonValueKind.Number || isMet(ExactNumber.Parse(bound.GetRawText()));
        bool IsTrue(string keyword) => schema.TryGet(keyword, out JsonElement flag) && flag.ValueKind == JsonValueKind.True;

        // Up to draft 4 "exclusive" was a flag beside the bound.
        return fault("minimum", Keeps("minimum", bound => number.Value.Compare(bound) is var order && (order > 0 || (order == 0 && !IsTrue("exclusiveMinimum")))))
            ?? fault("maximum", Keeps("maximum", bound => number.Value.Compare(bound) is var order && (order < 0 || (order == 0 && !IsTrue("exclusiveMaximum")))))
            ?? fault("exclusiveMinimum", Keeps("exclusiveMinimum", bound => number.Value.Compare(bound) > 0))
            ?? fault("exclusiveMaximum", Keeps("exclusiveMaximum", bound => number.Value.Compare(bound) < 0))
            ?? fault("multipleOf", Keeps("multipleOf", bound => number.Value.IsMultipleOf(bound)));
    }

    private static bool IsOfType(SchemaLocation schema, JsonElement type, JsonElement value) => type.GetString() switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number
            && (schema.Document.Dialect.WholeFractionsAreNoIntegers ? value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 : ExactNumber.Parse(value.GetRawText()).IsWhole),
        "number" => value.ValueKind == JsonValueKind.Number,
        "string" => value.ValueKind == JsonValueKind.String,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => true,
    };
}
