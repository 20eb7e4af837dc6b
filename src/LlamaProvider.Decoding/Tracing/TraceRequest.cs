using System.Text.Json;

namespace LlamaProvider.Decoding.Tracing;

/// <summary>What was asked, complete enough to be asked again. Immutable.</summary>
/// <remarks>It holds the conversation's tokens, so a trace is as confidential as the conversation.</remarks>
public sealed record TraceRequest
{
    /// <summary>The seed of the draws, also where the request left it to chance.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The tokens of the prompt.</summary>
    public required IReadOnlyList<int> PromptTokens { get; init; }

    /// <summary>The tokens of the prompt that guidance led away from; empty without one.</summary>
    public required IReadOnlyList<int> NegativePromptTokens { get; init; }

    /// <summary>How many tokens of the beginning stay when the context is full; <see langword="null"/> where the answer ends there.</summary>
    public int? KeptTokens { get; init; }

    /// <summary>The options in force, as a chat client's options in JSON.</summary>
    public required JsonElement Options { get; init; }

    /// <summary>The functions that the answer could call.</summary>
    public required IReadOnlyList<TraceTool> Tools { get; init; }
}

/// <summary>A function that an answer could call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does; empty when nothing is said.</param>
/// <param name="Parameters">The JSON schema of its arguments.</param>
public sealed record TraceTool(string Name, string Description, JsonElement Parameters);
