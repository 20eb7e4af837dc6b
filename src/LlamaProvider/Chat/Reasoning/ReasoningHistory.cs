using System.Text.Json;
using LlamaProvider.Chat.Messages;
using LlamaProvider.Templates;

namespace LlamaProvider.Chat.Reasoning;

/// <summary>Gives the reasoning of earlier turns to a template where it looks for it. Whether it stays in the prompt is the template's business.</summary>
internal static class ReasoningHistory
{
    private const string UsualKey = "reasoning_content";

    /// <summary>Moves reasoning to another key.</summary>
    /// <param name="messages">The conversation, changed in place.</param>
    /// <param name="key">The key; <see langword="null"/> leaves all as it is.</param>
    public static void Move(List<ChatTemplateMessage> messages, string? key)
    {
        if (key is null or UsualKey)
        {
            return;
        }

        for (int index = 0; index < messages.Count; index++)
        {
            if (messages[index] is { ReasoningContent: { } reasoning } message)
            {
                messages[index] = new ChatTemplateMessage
                {
                    Role = message.Role,
                    Content = message.Content,
                    Parts = message.Parts,
                    ToolCalls = message.ToolCalls,
                    Name = message.Name,
                    ToolCallId = message.ToolCallId,
                    Additional = new Dictionary<string, JsonElement>(message.Additional ?? new Dictionary<string, JsonElement>())
                    {
                        [key] = JsonElement.Parse(ContentJson.Write(reasoning)),
                    },
                };
            }
        }
    }
}
