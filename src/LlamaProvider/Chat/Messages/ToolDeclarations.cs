using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Messages;

/// <summary>Functions in the form that chat templates read, which is OpenAI's.</summary>
internal static class ToolDeclarations
{
    /// <summary>The functions; <see langword="null"/> for none, which templates tell from an empty list.</summary>
    public static IReadOnlyList<JsonElement>? ToTemplate(IReadOnlyList<AIFunctionDeclaration> tools) =>
        tools.Count == 0 ? null : [.. tools.Select(ToTemplate)];

    private static JsonElement ToTemplate(AIFunctionDeclaration tool)
    {
        var declaration = new JsonObject
        {
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = tool.Name,
                ["description"] = tool.Description,
                ["parameters"] = JsonNode.Parse(tool.JsonSchema.GetRawText()),
            },
        };
        return JsonElement.Parse(declaration.ToJsonString());
    }
}
