using HostedService.Errors;
using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>Texts and vectors.</summary>
internal static class EmbeddingMapping
{
    /// <summary>OpenAI's bound on the texts of a request.</summary>
    private const int MostTexts = 2048;

    /// <exception cref="ApiException">There is none, or there are too many.</exception>
    public static IReadOnlyList<string> ReadTexts(EmbeddingRequest request) => TextList.Read(request.Input, "input") switch
    {
        null => throw new ApiException(ApiErrors.Missing("input")),
        { Count: 0 or > MostTexts } texts => throw new ApiException(ApiErrors.InvalidValue(
            "input", $"Invalid 'input': it has {texts.Count} texts, but must have from 1 to {MostTexts}. Send them in several requests.")),
        var texts => texts,
    };

    /// <exception cref="ApiException">A member asks for what this service cannot do.</exception>
    public static EmbeddingGenerationOptions ToOptions(EmbeddingRequest request) => new()
    {
        Dimensions = request.Dimensions < 1 ? throw new ApiException(ApiErrors.OutOfRange("dimensions", request.Dimensions.Value, 1, int.MaxValue)) : request.Dimensions,
        AdditionalProperties = OtherMembers.ToProperties(request.Others),
    };

    /// <summary>Whether vectors are written as Base64.</summary>
    /// <exception cref="ApiException">They are wanted in a third way.</exception>
    public static bool IsBase64(EmbeddingRequest request) => request.EncodingFormat switch
    {
        null or "float" => false,
        "base64" => true,
        var other => throw new ApiException(ApiErrors.InvalidValue("encoding_format", $"Invalid value: '{other}'. Supported values are: 'float' and 'base64'.")),
    };

    public static EmbeddingList ToList(string model, GeneratedEmbeddings<Embedding<float>> embeddings, bool asBase64) => new()
    {
        Data = [.. embeddings.Select((embedding, index) => new EmbeddingItem { Index = index, Embedding = new EmbeddingVector(embedding.Vector, asBase64) })],
        Model = model,
        Usage = UsageMapping.OfEmbeddings(embeddings.Usage),
    };
}
