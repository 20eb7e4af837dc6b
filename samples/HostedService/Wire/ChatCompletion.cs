using System.Text.Json.Serialization;

namespace HostedService.Wire;

/// <summary>A whole answer.</summary>
internal sealed class ChatCompletion
{
    public required string Id { get; init; }

    public string Object { get; init; } = "chat.completion";

    public required long Created { get; init; }

    public required string Model { get; init; }

    public required IReadOnlyList<ChatChoice> Choices { get; init; }

    public required Usage Usage { get; init; }
}

/// <summary>One of an answer's texts.</summary>
internal sealed class ChatChoice
{
    public required int Index { get; init; }

    public required ChatResponseMessage Message { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ChatLogprobs? Logprobs { get; init; }

    public required string FinishReason { get; init; }
}

/// <summary>What the model said.</summary>
internal sealed class ChatResponseMessage
{
    public string Role { get; init; } = "assistant";

    /// <summary>The text; null beside calls without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Content { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Refusal { get; init; }

    public string? ReasoningContent { get; init; }

    public IReadOnlyList<ToolCall>? ToolCalls { get; init; }
}
