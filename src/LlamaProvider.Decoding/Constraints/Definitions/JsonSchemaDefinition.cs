using System.Buffers;
using System.Text;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Definitions;

/// <summary>JSON that meets a schema.</summary>
/// <param name="Schema">The schema's JSON without white space.</param>
/// <param name="Options">How the JSON is written.</param>
internal sealed record JsonSchemaDefinition(string Schema, JsonSchemaOptions Options) : ConstraintDefinition
{
    /// <summary>The definition of a schema, the same however it is indented.</summary>
    /// <exception cref="InvalidJsonSchemaException">A text in it is not Unicode.</exception>
    public static JsonSchemaDefinition Create(JsonElement schema, JsonSchemaOptions options)
    {
        var text = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(text);
        try
        {
            schema.WriteTo(writer);
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidJsonSchemaException("#", "a text in it is half of a surrogate pair. Write the whole character.", error);
        }

        writer.Flush();
        return new JsonSchemaDefinition(Encoding.UTF8.GetString(text.WrittenSpan), options);
    }

    public override CompiledGrammar Compile(ConstraintVocabulary vocabulary, ConstraintLimits limits) =>
        JsonSchemaCompiler.Compile(JsonElement.Parse(Schema), vocabulary, Options, limits);
}
