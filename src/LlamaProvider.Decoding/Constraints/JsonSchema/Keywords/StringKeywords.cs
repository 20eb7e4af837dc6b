using System.Text.Json;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Formats;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;
using LlamaProvider.Decoding.Constraints.Regex;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

/// <summary>The keywords <c>minLength</c>, <c>maxLength</c>, <c>pattern</c> and <c>format</c>.</summary>
/// <remarks>A format that no specification defines is an annotation, as JSON Schema says.</remarks>
internal static class StringKeywords
{
    public static ValueShape? Read(SchemaLocation location, SchemaTranslator translator)
    {
        JsonLexicon lexicon = translator.Lexicon;
        ByteExpression strings = lexicon.AnyString;
        bool hasLength = location.TryGet("minLength", out _) | location.TryGet("maxLength", out _);
        if (hasLength)
        {
            int min = location.TryGet("minLength", out _) ? location.Count("minLength") : 0;
            int max = location.TryGet("maxLength", out _) ? location.Count("maxLength") : int.MaxValue;
            strings = lexicon.OfLength(min, max);
        }

        if (location.TryGet("pattern", out JsonElement pattern))
        {
            try
            {
                strings = lexicon.Intersect(strings, Pattern(pattern, "pattern", location, translator));
            }
            catch (JsonSchemaNotSupportedException error)
            {
                translator.Unenforced.Leave(error);
            }
        }

        if (location.TryGet("format", out JsonElement format) && format.ValueKind == JsonValueKind.String
            && StringFormats.TryGet(format.GetString()!, lexicon.Encoding, lexicon.Algebra, out ByteExpression? language))
        {
            strings = lexicon.Intersect(strings, language);
        }

        return ReferenceEquals(strings, lexicon.AnyString) ? null : translator.Shapes.Anything with { Strings = strings };
    }

    /// <summary>The strings that a pattern matches anywhere.</summary>
    public static ByteExpression Pattern(JsonElement pattern, string keyword, SchemaLocation location, SchemaTranslator translator) =>
        pattern.ValueKind == JsonValueKind.String ? Pattern(location.TextOf(pattern), keyword, location, translator) : throw location.Invalid(keyword, "must be a text");

    public static ByteExpression Pattern(string pattern, string keyword, SchemaLocation location, SchemaTranslator translator)
    {
        try
        {
            return RegexCompiler.Compile(pattern, isSearch: true, translator.Lexicon.Encoding, translator.Lexicon.Algebra, translator.Limits);
        }
        catch (LlamaException error) when (error is RegexSyntaxException or ConstraintTooComplexException)
        {
            throw location.NotSupported(keyword, error.Message, error);
        }
    }
}
