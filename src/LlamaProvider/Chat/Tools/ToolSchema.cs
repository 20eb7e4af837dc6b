using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlamaProvider.Chat.Tools;

/// <summary>Looks at the JSON schema of a tool's arguments.</summary>
internal static class ToolSchema
{
    /// <summary>Keywords with which other members than those of <c>properties</c> may be meant.</summary>
    private static readonly string[] Opening = ["additionalProperties", "patternProperties", "unevaluatedProperties", "$ref", "allOf", "anyOf", "oneOf", "if", "dependentSchemas"];

    /// <summary>
    /// The schema, with no other arguments than those that it names unless it says that there may be: a schema made from a method lists all its parameters and leaves the rest
    /// open, and an argument that no parameter takes is lost.
    /// </summary>
    public static JsonElement Closed(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return schema;
        }

        bool isOpen = Array.Exists(Opening, keyword => schema.TryGetProperty(keyword, out _));
        if (isOpen && schema.TryGetProperty("type", out _))
        {
            return schema;
        }

        var closed = JsonObject.Create(schema)!;
        closed["type"] = closed["type"]?.DeepClone() ?? "object";
        if (!isOpen)
        {
            closed["additionalProperties"] = false;
        }

        return JsonElement.Parse(closed.ToJsonString());
    }

    /// <summary>The arguments by name, in the schema's order.</summary>
    public static IEnumerable<(string Name, JsonElement Schema, bool IsRequired)> Arguments(JsonElement schema)
    {
        HashSet<string> required = schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("required", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(static name => name.ValueKind == JsonValueKind.String).Select(static name => name.GetString()!)]
            : [];
        return schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object
            ? properties.EnumerateObject().Select(property => (property.Name, property.Value, required.Contains(property.Name)))
            : [];
    }
}
