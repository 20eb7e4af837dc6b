using System.Text.Json;
using System.Text.Json.Serialization;

namespace HostedService.Wire;

/// <summary>The body of <c>POST /v1/embeddings</c>.</summary>
internal sealed class EmbeddingRequest
{
    public string? Model { get; set; }

    /// <summary>A string or an array of strings.</summary>
    public JsonElement? Input { get; set; }

    /// <summary><c>float</c> or <c>base64</c>.</summary>
    public string? EncodingFormat { get; set; }

    public int? Dimensions { get; set; }

    /// <summary>A label that changes no vector.</summary>
    public string? User { get; set; }

    /// <summary>Members that OpenAI's API does not have: <c>llama.*</c> is passed on, the rest refused.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
