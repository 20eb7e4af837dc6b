using System.Text.Json.Serialization;

namespace HostedService.Wire;

/// <summary>The log-probabilities of a chat answer's text, or of a chunk of it.</summary>
internal sealed class ChatLogprobs
{
    public required IReadOnlyList<TokenLogprob> Content { get; init; }

    /// <summary>Always null: the models here have no refusals apart from their texts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public object? Refusal { get; init; }
}

/// <summary>A token of the text.</summary>
internal sealed class TokenLogprob
{
    /// <summary>Its text; bytes that are no whole character as U+FFFD.</summary>
    public required string Token { get; init; }

    /// <summary>The natural logarithm of its probability by the model.</summary>
    public required double Logprob { get; init; }

    /// <summary>Its bytes, from which a character of several tokens is put together.</summary>
    public required IReadOnlyList<int> Bytes { get; init; }

    /// <summary>The most probable tokens in its place, best first.</summary>
    public required IReadOnlyList<TopLogprob> TopLogprobs { get; init; }
}

/// <summary>A token that could stand in another's place.</summary>
internal sealed class TopLogprob
{
    public required string Token { get; init; }

    public required double Logprob { get; init; }

    /// <summary>Null for a control token, such as the one that ends an answer: its text is a name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required IReadOnlyList<int>? Bytes { get; init; }
}
