namespace HostedService.Configuration;

/// <summary>What one model is served for: a section of <c>Models</c>, whose name is the model's in requests.</summary>
internal sealed class ModelOptions
{
    public const string Section = "Models";

    /// <summary>The part of a model's section with the properties of <c>LlamaEngineOptions</c> and <c>LlamaServiceOptions</c>.</summary>
    public const string EngineSection = "Engine";

    /// <summary>The part of a model's section with the properties of <c>LlamaEmbeddingGeneratorOptions</c>.</summary>
    public const string GeneratorSection = "EmbeddingGenerator";

    /// <summary>The part of a model's section with the properties of <c>LlamaRerankerOptions</c>.</summary>
    public const string RerankerSection = "Reranker";

    /// <summary>Whether it answers at <c>/v1/chat/completions</c> and <c>/v1/completions</c>. Default: false.</summary>
    public bool Chat { get; set; }

    /// <summary>Whether it answers at <c>/v1/embeddings</c>. Default: false.</summary>
    public bool Embeddings { get; set; }

    /// <summary>Whether it answers at <c>/v1/rerank</c>, which needs a rank head. Default: false.</summary>
    public bool Rerank { get; set; }
}
