using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Visualization;

/// <summary>The JSON schema that a traced answer was bound to.</summary>
internal static class TracedSchema
{
    private const string Remedy = "Capture an answer with UseJsonSchema, or a ResponseFormat that has a schema.";

    /// <exception cref="TraceNotCapturedException">It was bound to none.</exception>
    public static JsonElement Of(AnswerTrace trace)
    {
        JsonElement schema = Property(trace.Request.Options, "additionalProperties", "llama.json_schema") ?? Property(trace.Request.Options, "responseFormat", "schema")
            ?? throw new TraceNotCapturedException($"The figure needs the JSON schema of the answer, but the trace holds none. {Remedy}");
        return schema.ValueKind == JsonValueKind.String ? JsonElement.Parse(schema.GetString()!) : schema;
    }

    /// <summary>How the schema was compiled, as far as it says where members may stand.</summary>
    public static JsonSchemaOptions Options(AnswerTrace trace) =>
        Property(trace.Request.Options, "additionalProperties", "llama.json_schema_options") is { } options && Property(options, "property_order") is { } order && order.ValueEquals("any")
            ? new JsonSchemaOptions { PropertyOrder = JsonPropertyOrder.Any, OnUnsupported = JsonUnsupportedKeywords.Check }
            : new JsonSchemaOptions { OnUnsupported = JsonUnsupportedKeywords.Check };

    private static JsonElement? Property(JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
            {
                return null;
            }
        }

        return json.ValueKind == JsonValueKind.Null ? null : json;
    }
}
