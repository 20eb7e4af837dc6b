using System.Text.Json;
using HostedService.Errors;
using HostedService.Wire;
using LlamaProvider.Reranking;

namespace HostedService.Mapping;

/// <summary>Queries, documents and scores.</summary>
internal static class RerankMapping
{
    private const int MostDocuments = 2048;
    private const string Truncate = "llama.truncate";
    private const string Priority = "llama.priority";

    /// <exception cref="ApiException">There is none.</exception>
    public static string ReadQuery(RerankRequest request) => request.Query ?? throw new ApiException(ApiErrors.Missing("query"));

    /// <exception cref="ApiException">There is none, or one is no text.</exception>
    public static IReadOnlyList<string> ReadDocuments(RerankRequest request)
    {
        JsonElement list = request.Documents ?? throw new ApiException(ApiErrors.Missing("documents"));
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new ApiException(ApiErrors.InvalidType("documents", "an array of strings", FormNames.Found(list)));
        }

        return list.GetArrayLength() is > 0 and <= MostDocuments
            ? [.. list.EnumerateArray().Select(ReadDocument)]
            : throw new ApiException(ApiErrors.InvalidValue(
                "documents", $"Invalid 'documents': it has {list.GetArrayLength()}, but must have from 1 to {MostDocuments}. Send them in several requests."));
    }

    /// <exception cref="ApiException">A member asks for what this service cannot do.</exception>
    public static RerankOptions ToOptions(RerankRequest request)
    {
        var options = new RerankOptions { TopN = request.TopN < 1 ? throw new ApiException(ApiErrors.OutOfRange("top_n", request.TopN.Value, 1, int.MaxValue)) : request.TopN };
        foreach ((string name, JsonElement value) in request.Others ?? [])
        {
            switch (name)
            {
                case Truncate when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    options.Truncate = value.GetBoolean();
                    break;
                case Truncate:
                    throw new ApiException(ApiErrors.InvalidType(name, "a boolean", FormNames.Found(value)));
                case Priority when value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int priority):
                    options.Priority = priority;
                    break;
                case Priority:
                    throw new ApiException(ApiErrors.InvalidType(name, "an integer", FormNames.Found(value)));
                default:
                    throw new ApiException(ApiErrors.Unknown(name, $"{Truncate}' and '{Priority}"));
            }
        }

        return options;
    }

    public static RerankList ToList(string model, RerankResult result, bool withDocuments) => new()
    {
        Model = model,
        Results = [.. result.Documents.Select(document => new RerankItem
        {
            Index = document.Index,
            RelevanceScore = document.Score,
            Document = withDocuments ? new RerankText { Text = document.Text } : null,
        })],
        Usage = UsageMapping.OfEmbeddings(result.Usage),
    };

    private static string ReadDocument(JsonElement document, int index) => document.ValueKind switch
    {
        JsonValueKind.String => document.GetString()!,
        JsonValueKind.Object => WireJson.Read(document, WireJson.Types.RerankText, $"documents[{index}]").Text,
        _ => throw new ApiException(ApiErrors.InvalidType($"documents[{index}]", "a string or an object with 'text'", FormNames.Found(document))),
    };
}
