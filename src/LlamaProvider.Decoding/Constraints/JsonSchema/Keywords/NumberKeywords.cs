using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

/// <summary>The keywords <c>minimum</c>, <c>maximum</c>, <c>exclusiveMinimum</c>, <c>exclusiveMaximum</c> (up to draft 4 true or false) and <c>multipleOf</c>.</summary>
internal static class NumberKeywords
{
    public static ValueShape? Read(SchemaLocation location, SchemaTranslator translator)
    {
        string? minimum = Number(location, "minimum");
        string? maximum = Number(location, "maximum");
        bool isMinimumExclusive = IsTrue(location, "exclusiveMinimum");
        bool isMaximumExclusive = IsTrue(location, "exclusiveMaximum");
        var bounds = new NumberBounds
        {
            Minimum = isMinimumExclusive ? null : minimum,
            ExclusiveMinimum = isMinimumExclusive ? minimum : Number(location, "exclusiveMinimum"),
            Maximum = isMaximumExclusive ? null : maximum,
            ExclusiveMaximum = isMaximumExclusive ? maximum : Number(location, "exclusiveMaximum"),
            MultiplesOf = Number(location, "multipleOf") is { } multiple ? [multiple] : [],
        };
        if (bounds is { Minimum: null, Maximum: null, ExclusiveMinimum: null, ExclusiveMaximum: null, MultiplesOf: [] })
        {
            return null;
        }

        try
        {
            return translator.Shapes.Anything with { Numbers = NumberTexts.Of(NumberLanguage.Bounded(bounds, translator.Lexicon.Algebra, translator.Limits)) };
        }
        catch (Exception error) when (error is ConstraintTooComplexException or ArgumentException)
        {
            string keyword = bounds.MultiplesOf.Count > 0 ? "multipleOf" : minimum is null ? "maximum" : "minimum";
            throw location.NotSupported(keyword, error.Message, error);
        }
    }

    private static bool IsTrue(SchemaLocation location, string keyword) => location.TryGet(keyword, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    private static string? Number(SchemaLocation location, string keyword)
    {
        if (!location.TryGet(keyword, out JsonElement value) || value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number ? value.GetRawText() : throw location.Invalid(keyword, "must be a number");
    }
}
