namespace LlamaProvider.Reranking;

/// <summary>What one call of a reranker wants beside its texts.</summary>
public sealed class RerankOptions
{
    /// <summary>How many of the best documents are returned; all are scored. Default: all. Range: 1 and more; more than there are means all.</summary>
    public int? TopN { get; set; }

    /// <summary>Whether scores are brought into the range from 0 to 1. Default: <see cref="LlamaRerankerOptions.Normalize"/>.</summary>
    public bool? Normalize { get; set; }

    /// <summary>Whether the end of a document that is too long is cut off. Default: <see cref="LlamaRerankerOptions.Truncate"/>.</summary>
    public bool? Truncate { get; set; }

    /// <summary>The documents' priority among all requests of the engine. A negative one lets a long list wait behind others. Default: 0. Range: any.</summary>
    public int Priority { get; set; }
}
