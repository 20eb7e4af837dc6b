using Microsoft.Extensions.AI;

namespace LlamaProvider.Reranking;

/// <summary>Documents by how relevant they are to a query.</summary>
public sealed class RerankResult
{
    internal RerankResult(IReadOnlyList<RankedDocument> documents, UsageDetails usage, string modelId) => (Documents, Usage, ModelId) = (documents, usage, modelId);

    /// <summary>The documents, the best first; of equal ones the earlier first.</summary>
    public IReadOnlyList<RankedDocument> Documents { get; }

    /// <summary>The tokens that were read: the query's count once for each document.</summary>
    public UsageDetails Usage { get; }

    /// <summary>The model's name.</summary>
    public string ModelId { get; }
}
