using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Messages;

/// <summary>Everything that shapes a prompt.</summary>
internal sealed record PromptRequest
{
    /// <summary>The conversation, oldest message first.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Stands before the system message. Default: none.</summary>
    public string? Instructions { get; init; }

    /// <summary>The functions that the template itself describes. Default: none.</summary>
    public IReadOnlyList<AIFunctionDeclaration> Tools { get; init; } = [];

    /// <summary>Describes the tools where the template cannot. Ends the system message, before <see cref="FormatText"/>. Default: none.</summary>
    public string? ToolText { get; init; }

    /// <summary>How calls and results of the conversation are written where the template has no place for them.</summary>
    public IToolNotation ToolNotation { get; init; } = JsonToolNotation.Instance;

    /// <summary>Describes the form of the answer. Ends the system message. Default: none.</summary>
    public string? FormatText { get; init; }

    /// <summary>Further variables of the template, such as <c>enable_thinking</c>, by name. Default: none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Variables { get; init; }

    /// <summary>What happens to a conversation that the template refuses. Default: it is repaired.</summary>
    public MessageRepair Repair { get; init; }

    /// <summary>What the options of a request say.</summary>
    public static PromptRequest Create(IEnumerable<ChatMessage> messages, ChatOptions? options) => new()
    {
        Messages = messages as IReadOnlyList<ChatMessage> ?? [.. messages],
        Instructions = options?.Instructions,
        Tools = options?.ToolMode is NoneChatToolMode ? [] : [.. (options?.Tools ?? []).OfType<AIFunctionDeclaration>()],
        FormatText = ResponseFormatText.Describe(options?.ResponseFormat),
    };
}
