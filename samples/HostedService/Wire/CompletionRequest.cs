using System.Text.Json;
using System.Text.Json.Serialization;

namespace HostedService.Wire;

/// <summary>The body of <c>POST /v1/completions</c>.</summary>
internal sealed class CompletionRequest
{
    public string? Model { get; set; }

    /// <summary>A string or an array of strings.</summary>
    public JsonElement? Prompt { get; set; }

    public bool? Stream { get; set; }

    public StreamOptions? StreamOptions { get; set; }

    public int? N { get; set; }

    public int? BestOf { get; set; }

    /// <summary>Whether the answer begins with the prompt.</summary>
    public bool? Echo { get; set; }

    public long? Seed { get; set; }

    /// <summary>A string or an array of strings.</summary>
    public JsonElement? Stop { get; set; }

    public double? Temperature { get; set; }

    public double? TopP { get; set; }

    public double? FrequencyPenalty { get; set; }

    public double? PresencePenalty { get; set; }

    public int? MaxTokens { get; set; }

    public Dictionary<string, double>? LogitBias { get; set; }

    /// <summary>How many alternatives each token is shown with; no probabilities where it is missing.</summary>
    public int? Logprobs { get; set; }

    /// <summary>Of OpenAI's API, refused here.</summary>
    public string? Suffix { get; set; }

    /// <summary>A label that changes no answer.</summary>
    public string? User { get; set; }

    /// <summary>Members that OpenAI's API does not have: <c>llama.*</c> is passed on, the rest refused.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
