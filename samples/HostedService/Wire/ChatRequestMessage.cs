using System.Text.Json;

namespace HostedService.Wire;

/// <summary>A message of a conversation.</summary>
internal sealed class ChatRequestMessage
{
    public string? Role { get; set; }

    /// <summary>A string or an array of <see cref="ContentPart"/>.</summary>
    public JsonElement? Content { get; set; }

    public string? Name { get; set; }

    /// <summary>Of an assistant's message.</summary>
    public IReadOnlyList<ToolCall?>? ToolCalls { get; set; }

    /// <summary>Of an assistant's message: what it thought, as this service and others return it.</summary>
    public string? ReasoningContent { get; set; }

    /// <summary>Of a tool's message: the call that it answers.</summary>
    public string? ToolCallId { get; set; }

    /// <summary>Of an assistant's message: what it said instead of an answer.</summary>
    public string? Refusal { get; set; }

    /// <summary>Clients send answers back as they came, so members of hosted models' answers are read; only empty ones mean nothing.</summary>
    public JsonElement? Annotations { get; set; }

    public JsonElement? Audio { get; set; }

    public JsonElement? FunctionCall { get; set; }
}
