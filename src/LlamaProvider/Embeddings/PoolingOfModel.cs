using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Strategies.Embedding;
using LlamaProvider.Options;

namespace LlamaProvider.Embeddings;

/// <summary>How a model's file wants its hidden states pooled. The numbers are llama.cpp's.</summary>
internal static class PoolingOfModel
{
    /// <param name="model">The model.</param>
    /// <param name="chosen">What the application wants instead.</param>
    /// <exception cref="OptionNotSupportedException">The model makes no embeddings of this kind.</exception>
    public static EmbeddingPooling Read(ILanguageModel model, EmbeddingPooling? chosen)
    {
        if (!model.Capabilities.HasHiddenStates)
        {
            throw new OptionNotSupportedException(
                nameof(ModelCapabilities.HasHiddenStates), $"'{model.Description.Name}' gives no hidden states, from which embeddings are made. Choose another model.");
        }

        string architecture = model.Description.Architecture;
        string key = $"{architecture}.pooling_type";
        return chosen ?? model.Metadata.GetValueOrDefault(key) switch
        {
            null or "0" or "1" => EmbeddingPooling.Mean,
            "2" => EmbeddingPooling.Cls,
            "3" => EmbeddingPooling.Last,
            var other => throw new OptionNotSupportedException(
                key,
                $"{key} of '{model.Description.Name}' is {other}, but embeddings have 0 to 3 (none, mean, cls, last); 4 is a reranker. " +
                $"Set {nameof(LlamaEmbeddingGeneratorOptions)}.{nameof(LlamaEmbeddingGeneratorOptions.Pooling)}, or choose another model."),
        };
    }
}
