using HostedService.Errors;
using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>The form of an answer.</summary>
internal static class ResponseFormatMapping
{
    /// <exception cref="ApiException">The type is unknown, or the schema is missing.</exception>
    public static ChatResponseFormat? ToFormat(ResponseFormat? format) => format?.Type switch
    {
        null when format is null => null,
        null => throw new ApiException(ApiErrors.Missing("response_format.type")),
        "text" => ChatResponseFormat.Text,
        "json_object" => ChatResponseFormat.Json,
        "json_schema" => ChatResponseFormat.ForJsonSchema(
            format.JsonSchema?.Schema ?? throw new ApiException(ApiErrors.Missing("response_format.json_schema.schema")), format.JsonSchema.Name, format.JsonSchema.Description),
        var other => throw new ApiException(ApiErrors.InvalidValue(
            "response_format.type", $"Invalid value: '{other}'. Supported values are: 'text', 'json_object' and 'json_schema'.")),
    };
}
