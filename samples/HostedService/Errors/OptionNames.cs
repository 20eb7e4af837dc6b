using System.Text.Json;
using Microsoft.Extensions.AI;

namespace HostedService.Errors;

/// <summary>What an option of <see cref="ChatOptions"/> is called in a request.</summary>
internal static class OptionNames
{
    /// <summary>Its name; <see langword="null"/> for one that no request has.</summary>
    public static string? InRequest(string option) => option switch
    {
        nameof(ChatOptions.MaxOutputTokens) => "max_completion_tokens",
        nameof(ChatOptions.StopSequences) => "stop",
        nameof(ChatOptions.ToolMode) => "tool_choice",
        nameof(ChatOptions.AllowMultipleToolCalls) => "parallel_tool_calls",
        nameof(ChatOptions.Reasoning) => "reasoning_effort",
        nameof(EmbeddingGenerationOptions.Dimensions) or nameof(ChatOptions.Seed) or nameof(ChatOptions.Tools) or nameof(ChatOptions.ResponseFormat)
            or nameof(ChatOptions.Temperature) or nameof(ChatOptions.TopP) or nameof(ChatOptions.FrequencyPenalty) or nameof(ChatOptions.PresencePenalty) =>
            JsonNamingPolicy.SnakeCaseLower.ConvertName(option),
        "temperature" or "top_p" or "frequency_penalty" or "presence_penalty" => option,
        "logit_bias" or "llama.logit_bias" => "logit_bias",
        _ => option.StartsWith("llama.", StringComparison.Ordinal) ? option : null,
    };
}
