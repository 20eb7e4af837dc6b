using System.Text.Json.Serialization;

namespace HostedService.Wire;

/// <summary>A completion of a prompt, whole or in pieces.</summary>
internal sealed class TextCompletion
{
    public required string Id { get; init; }

    public string Object { get; init; } = "text_completion";

    public required long Created { get; init; }

    public required string Model { get; init; }

    public required IReadOnlyList<TextChoice> Choices { get; init; }

    public Usage? Usage { get; init; }
}

/// <summary>One of the texts.</summary>
internal sealed class TextChoice
{
    public required int Index { get; init; }

    public required string Text { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public TextLogprobs? Logprobs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? FinishReason { get; init; }
}
