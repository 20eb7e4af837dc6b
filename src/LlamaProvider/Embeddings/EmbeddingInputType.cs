namespace LlamaProvider.Embeddings;

/// <summary>What a text is in a search, for models that were trained with a prefix for each.</summary>
public enum EmbeddingInputType
{
    /// <summary>A text that is searched.</summary>
    Document,

    /// <summary>A text that is searched with.</summary>
    Query,
}
