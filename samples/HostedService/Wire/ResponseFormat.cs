using System.Text.Json;

namespace HostedService.Wire;

/// <summary>The form of an answer.</summary>
internal sealed class ResponseFormat
{
    /// <summary><c>text</c>, <c>json_object</c> or <c>json_schema</c>.</summary>
    public string? Type { get; set; }

    public NamedSchema? JsonSchema { get; set; }
}

/// <summary>A schema that an answer follows.</summary>
internal sealed class NamedSchema
{
    public string? Name { get; set; }

    public string? Description { get; set; }

    public JsonElement? Schema { get; set; }

    /// <summary>Whether the answer follows the schema. Here it always does.</summary>
    public bool? Strict { get; set; }
}
