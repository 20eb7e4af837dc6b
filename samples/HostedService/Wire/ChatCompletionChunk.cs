using System.Text.Json.Serialization;

namespace HostedService.Wire;

/// <summary>A piece of a streamed answer.</summary>
internal sealed class ChatCompletionChunk
{
    public required string Id { get; init; }

    public string Object { get; init; } = "chat.completion.chunk";

    public required long Created { get; init; }

    public required string Model { get; init; }

    public required IReadOnlyList<ChunkChoice> Choices { get; init; }

    /// <summary>In the last chunk, where usage was asked for; that chunk has no choices.</summary>
    public Usage? Usage { get; init; }
}

/// <summary>What is new in one of the answer's texts.</summary>
internal sealed class ChunkChoice
{
    public required int Index { get; init; }

    public required ChatDelta Delta { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ChatLogprobs? Logprobs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? FinishReason { get; init; }
}

/// <summary>What the model said since the chunk before.</summary>
internal sealed class ChatDelta
{
    public string? Role { get; init; }

    public string? Content { get; init; }

    public string? ReasoningContent { get; init; }

    public IReadOnlyList<ToolCall>? ToolCalls { get; init; }
}
