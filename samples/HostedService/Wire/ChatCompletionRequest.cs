using System.Text.Json;
using System.Text.Json.Serialization;

namespace HostedService.Wire;

/// <summary>The body of <c>POST /v1/chat/completions</c>. Members that may have several forms are kept as JSON.</summary>
internal sealed class ChatCompletionRequest
{
    public string? Model { get; set; }

    public IReadOnlyList<ChatRequestMessage?>? Messages { get; set; }

    public bool? Stream { get; set; }

    public StreamOptions? StreamOptions { get; set; }

    public int? N { get; set; }

    public long? Seed { get; set; }

    /// <summary>A string or an array of strings.</summary>
    public JsonElement? Stop { get; set; }

    public double? Temperature { get; set; }

    public double? TopP { get; set; }

    public double? FrequencyPenalty { get; set; }

    public double? PresencePenalty { get; set; }

    public int? MaxTokens { get; set; }

    public int? MaxCompletionTokens { get; set; }

    public IReadOnlyList<ToolDefinition?>? Tools { get; set; }

    /// <summary>A string or a <see cref="NamedToolChoice"/>.</summary>
    public JsonElement? ToolChoice { get; set; }

    public bool? ParallelToolCalls { get; set; }

    public ResponseFormat? ResponseFormat { get; set; }

    public Dictionary<string, double>? LogitBias { get; set; }

    public string? ReasoningEffort { get; set; }

    public bool? Logprobs { get; set; }

    /// <summary>How many alternatives each token is shown with.</summary>
    public int? TopLogprobs { get; set; }

    public IReadOnlyList<string?>? Modalities { get; set; }

    public bool? Store { get; set; }

    public string? ServiceTier { get; set; }

    /// <summary>A label that changes no answer; so are the next four.</summary>
    public string? User { get; set; }

    public JsonElement? Metadata { get; set; }

    public string? SafetyIdentifier { get; set; }

    public string? PromptCacheKey { get; set; }

    public string? PromptCacheRetention { get; set; }

    /// <summary>Of OpenAI's API, refused here; so are the next five.</summary>
    public JsonElement? Audio { get; set; }

    public JsonElement? Prediction { get; set; }

    public JsonElement? WebSearchOptions { get; set; }

    public string? Verbosity { get; set; }

    public JsonElement? Functions { get; set; }

    public JsonElement? FunctionCall { get; set; }

    /// <summary>Members that OpenAI's API does not have: <c>llama.*</c> is passed on, the rest refused.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
