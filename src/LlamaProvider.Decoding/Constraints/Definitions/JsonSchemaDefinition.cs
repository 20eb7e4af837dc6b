using System.Buffers;
using System.Text;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Definitions;

/// <summary>JSON that meets a schema.</summary>
/// <param name="Schema">The schema's JSON without white space.</param>
/// <param name="Options">How the JSON is written.</param>
internal sealed record JsonSchemaDefinition(string Schema, JsonSchemaOptions Options) : GrammarBasedDefinition
{
    /// <summary>How deeply a schema may be nested.</summary>
    public const int MaxDepth = 1000;

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = MaxDepth };
    private static readonly JsonWriterOptions Writing = new() { MaxDepth = MaxDepth };

    /// <summary>Reads a schema that is given as text.</summary>
    /// <exception cref="InvalidJsonSchemaException">The text is not JSON, or nested too deeply.</exception>
    public static JsonElement Parse(string schema)
    {
        try
        {
            return JsonElement.Parse(schema, Reading);
        }
        catch (JsonException error)
        {
            throw new InvalidJsonSchemaException("#", $"the text is not JSON. {error.Message}", error);
        }
    }

    /// <summary>The definition of a schema, the same however it is indented.</summary>
    /// <exception cref="InvalidJsonSchemaException">It is empty, nested too deeply, or a text in it is not Unicode.</exception>
    public static JsonSchemaDefinition Create(JsonElement schema, JsonSchemaOptions options)
    {
        if (schema.ValueKind == JsonValueKind.Undefined)
        {
            throw new InvalidJsonSchemaException("#", "it is an empty JsonElement. Give an object, true or false.");
        }

        var text = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(text, Writing);
        try
        {
            schema.WriteTo(writer);
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidJsonSchemaException(
                "#",
                writer.CurrentDepth >= MaxDepth ? $"it is nested deeper than {MaxDepth:N0} levels. Use $ref." : "a text in it is half of a surrogate pair. Write the whole character.",
                error);
        }

        writer.Flush();
        return new JsonSchemaDefinition(Encoding.UTF8.GetString(text.WrittenSpan), options);
    }

    public override CompiledGrammar Compile(ConstraintVocabulary vocabulary, ConstraintLimits limits, ConstraintWork? work = null) =>
        JsonSchemaCompiler.Compile(JsonElement.Parse(Schema, Reading), vocabulary, Options, limits, work);
}
