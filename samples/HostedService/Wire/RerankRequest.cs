using System.Text.Json;
using System.Text.Json.Serialization;

namespace HostedService.Wire;

/// <summary>The body of <c>POST /v1/rerank</c>, as Jina's service and llama-server have it.</summary>
internal sealed class RerankRequest
{
    public string? Model { get; set; }

    public string? Query { get; set; }

    /// <summary>An array of strings, or of objects with a <c>text</c>.</summary>
    public JsonElement? Documents { get; set; }

    /// <summary>How many of the best are returned.</summary>
    public int? TopN { get; set; }

    /// <summary>Whether each result has its document.</summary>
    public bool? ReturnDocuments { get; set; }

    /// <summary>Members that these services do not have: <c>llama.truncate</c> and <c>llama.priority</c>; the rest is refused.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
