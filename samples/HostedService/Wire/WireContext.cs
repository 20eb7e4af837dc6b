using System.Text.Json.Serialization;

namespace HostedService.Wire;

/// <summary>How OpenAI's JSON is read and written: names with underscores, and no member that is not known, but for those that a request passes on.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ChatCompletionRequest))]
[JsonSerializable(typeof(IReadOnlyList<ContentPart?>))]
[JsonSerializable(typeof(NamedToolChoice))]
[JsonSerializable(typeof(IReadOnlyList<string?>))]
[JsonSerializable(typeof(Dictionary<string, double>))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatCompletionChunk))]
[JsonSerializable(typeof(CompletionRequest))]
[JsonSerializable(typeof(TextCompletion))]
[JsonSerializable(typeof(EmbeddingRequest))]
[JsonSerializable(typeof(EmbeddingList))]
[JsonSerializable(typeof(RerankRequest))]
[JsonSerializable(typeof(RerankList))]
[JsonSerializable(typeof(RerankText))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(HealthBody))]
internal sealed partial class WireContext : JsonSerializerContext;
