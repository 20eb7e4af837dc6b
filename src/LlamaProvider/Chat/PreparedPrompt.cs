using LlamaProvider.Chat.Tools;
using LlamaProvider.Decoding.Tracing;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>A prompt in tokens, ready to be evaluated.</summary>
/// <param name="Tokens">The prompt.</param>
/// <param name="Negative">The prompt that the answer is led away from; empty without one.</param>
/// <param name="KeptTokens">How many tokens of the beginning stay when the context is full; <see langword="null"/> to end there.</param>
internal sealed record PreparedPrompt(List<int> Tokens, List<int> Negative, int? KeptTokens)
{
    /// <summary>The conversation; empty where it is not known.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; init; } = [];

    /// <summary>Messages that were left out, because the context is too short for them.</summary>
    public int OmittedMessages { get; init; }

    /// <summary>What a trace says of the request.</summary>
    public TraceRequest ToTrace(GenerationSettings settings, ulong seed, ToolRequest? tools) => new()
    {
        Seed = seed,
        PromptTokens = [.. Tokens],
        NegativePromptTokens = [.. Negative],
        KeptTokens = KeptTokens,
        Options = settings.TracedOptions!.Value,
        Tools = [.. (tools?.Tools ?? []).Select(static tool => new TraceTool(tool.Name, tool.Description, tool.Parameters))],
    };
}
