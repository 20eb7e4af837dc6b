using HostedService.Errors;
using HostedService.Mapping.Logprobs;
using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>From a request's members to options. What is set is done or refused.</summary>
internal static class ChatOptionsMapping
{
    /// <exception cref="ApiException">A member asks for what this service cannot do.</exception>
    public static ChatOptions ToOptions(ChatCompletionRequest request)
    {
        UnsupportedMembers.Refuse(request);
        IList<AITool>? tools = ToolMapping.ToTools(request.Tools);
        var options = new ChatOptions
        {
            Temperature = (float?)request.Temperature,
            TopP = (float?)request.TopP,
            FrequencyPenalty = (float?)request.FrequencyPenalty,
            PresencePenalty = (float?)request.PresencePenalty,
            Seed = request.Seed,
            StopSequences = ToList(TextList.Read(request.Stop, "stop")),
            MaxOutputTokens = ReadMaxTokens(request),
            Tools = tools,
            ToolMode = ToolMapping.ToMode(request.ToolChoice, tools is not null),
            AllowMultipleToolCalls = ToolMapping.ToParallel(request.ParallelToolCalls, tools is not null),
            ResponseFormat = ResponseFormatMapping.ToFormat(request.ResponseFormat),
            Reasoning = ToReasoning(request.ReasoningEffort),
            AdditionalProperties = OtherMembers.ToProperties(request.Others),
        };
        return LogprobOptions.Apply(AddLogitBias(options, request.LogitBias), LogprobOptions.Read(request), request.Stream == true);
    }

    /// <exception cref="ApiException">A member asks for what this service cannot do.</exception>
    public static ChatOptions ToOptions(CompletionRequest request)
    {
        UnsupportedMembers.Refuse(request);
        var options = new ChatOptions
        {
            Temperature = (float?)request.Temperature,
            TopP = (float?)request.TopP,
            FrequencyPenalty = (float?)request.FrequencyPenalty,
            PresencePenalty = (float?)request.PresencePenalty,
            Seed = request.Seed,
            StopSequences = ToList(TextList.Read(request.Stop, "stop")),
            MaxOutputTokens = Positive(request.MaxTokens, "max_tokens") ?? CompletionMapping.DefaultMaxTokens,
            AdditionalProperties = OtherMembers.ToProperties(request.Others),
        };
        return LogprobOptions.Apply(AddLogitBias(options, request.LogitBias), LogprobOptions.Read(request), request.Stream == true);
    }

    private static int? ReadMaxTokens(ChatCompletionRequest request) => (request.MaxTokens, request.MaxCompletionTokens) switch
    {
        (not null, not null) => throw new ApiException(ApiErrors.InvalidValue(
            "max_tokens", "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported. Leave one out.")),
        (var older, null) => Positive(older, "max_tokens"),
        (null, var newer) => Positive(newer, "max_completion_tokens"),
    };

    private static int? Positive(int? value, string path) => value < 1 ? throw new ApiException(ApiErrors.OutOfRange(path, value.Value, 1, int.MaxValue)) : value;

    private static ReasoningOptions? ToReasoning(string? effort) => effort switch
    {
        null => null,
        "none" => new ReasoningOptions { Effort = ReasoningEffort.None },
        "minimal" or "low" => new ReasoningOptions { Effort = ReasoningEffort.Low },
        "medium" => new ReasoningOptions { Effort = ReasoningEffort.Medium },
        "high" => new ReasoningOptions { Effort = ReasoningEffort.High },
        "xhigh" => new ReasoningOptions { Effort = ReasoningEffort.ExtraHigh },
        _ => throw new ApiException(ApiErrors.InvalidValue(
            "reasoning_effort", $"Invalid value: '{effort}'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high' and 'xhigh'.")),
    };

    /// <summary>Biases have no place of their own on <see cref="ChatOptions"/>; the library's option means the same.</summary>
    private static ChatOptions AddLogitBias(ChatOptions options, Dictionary<string, double>? bias)
    {
        if (bias is { Count: > 0 })
        {
            (options.AdditionalProperties ??= []).TryAdd("llama.logit_bias", System.Text.Json.JsonSerializer.SerializeToElement(bias, WireJson.Types.DictionaryStringDouble));
        }

        return options;
    }

    private static List<string>? ToList(IReadOnlyList<string>? texts) => texts is null ? null : [.. texts];
}
