using System.Text.Json;
using HostedService.Errors;
using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>Reads a message's content: a string, or an array of parts.</summary>
internal static class ContentMapping
{
    /// <exception cref="ApiException">There is none, or it is not text.</exception>
    public static List<AIContent> Require(JsonElement? content, string path) =>
        content is null ? throw new ApiException(ApiErrors.Missing($"{path}.content")) : ToContents(content, path);

    /// <summary>The content's texts; none when there is no content.</summary>
    /// <exception cref="ApiException">It is not text.</exception>
    public static List<AIContent> ToContents(JsonElement? content, string path)
    {
        path = $"{path}.content";
        return content switch
        {
            null => [],
            { ValueKind: JsonValueKind.String } text => [new TextContent(text.GetString())],
            { ValueKind: JsonValueKind.Array } parts => [.. WireJson.Read(parts, WireJson.Types.IReadOnlyListContentPart, path).Select((part, index) => ToText(part, $"{path}[{index}]"))],
            var other => throw new ApiException(ApiErrors.InvalidType(path, "a string or an array of objects", FormNames.Found(other.Value))),
        };
    }

    private static TextContent ToText(ContentPart? part, string path) => part switch
    {
        null => throw new ApiException(ApiErrors.InvalidType(path, "an object", "null")),
        { Type: "text" } => new TextContent(part.Text ?? throw new ApiException(ApiErrors.Missing($"{path}.text"))),
        { Type: "refusal" } => new TextContent(part.Refusal ?? throw new ApiException(ApiErrors.Missing($"{path}.refusal"))),
        { Type: null } => throw new ApiException(ApiErrors.Missing($"{path}.type")),
        _ => throw new ApiException(ApiErrors.InvalidValue($"{path}.type", $"Invalid value: '{part.Type}'. The models here take text only: send parts of the type 'text'.")),
    };
}
