using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Constraints.JsonSchema;

namespace LlamaProvider.Options;

/// <summary>The JSON form of <see cref="JsonSchemaOptions"/>: <c>{"whitespace": "compact", "property_order": "any"}</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(NameConverter<JsonWhitespace>), typeof(NameConverter<JsonPropertyOrder>), typeof(NameConverter<JsonUnsupportedKeywords>)])]
[JsonSerializable(typeof(JsonSchemaOptions))]
internal sealed partial class JsonSchemaOptionsJson : JsonSerializerContext
{
    /// <exception cref="JsonException">It is something else.</exception>
    public static JsonSchemaOptions Read(JsonElement json) => json.Deserialize(Default.JsonSchemaOptions) ?? throw new JsonException("It is null.");

    public static JsonElement Write(JsonSchemaOptions options) => JsonSerializer.SerializeToElement(options, Default.JsonSchemaOptions);
}

/// <summary>Values of an enumeration by name, in llama-server's spelling.</summary>
internal sealed class NameConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
