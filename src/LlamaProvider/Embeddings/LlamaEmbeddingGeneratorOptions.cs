using LlamaProvider.Decoding.Strategies.Embedding;
using LlamaProvider.Options;

namespace LlamaProvider.Embeddings;

/// <summary>How a generator turns texts into vectors. Every property can be bound from configuration by its name.</summary>
public sealed class LlamaEmbeddingGeneratorOptions
{
    /// <summary>
    /// How the hidden states of a text's tokens become one vector. Default: what the model file says (<c>&lt;architecture&gt;.pooling_type</c>), and
    /// <see cref="EmbeddingPooling.Mean"/> where it says nothing, as chat models do.
    /// </summary>
    public EmbeddingPooling? Pooling { get; set; }

    /// <summary>Whether vectors are scaled to length 1, so that their dot product is their cosine. Default: true.</summary>
    public bool Normalize { get; set; } = true;

    /// <summary>
    /// How many of a vector's first values are returned when a request says nothing (<c>EmbeddingGenerationOptions.Dimensions</c>); what is left is scaled to length 1 again. Only
    /// models that were trained for it (Matryoshka) keep their meaning. Default: all. Range: 1 to the model's hidden size.
    /// </summary>
    public int? Dimensions { get; set; }

    /// <summary>Stands before each text that is searched with, for example <c>search_query: </c>; the model's card has it. Default: nothing.</summary>
    public string QueryPrefix { get; set; } = "";

    /// <summary>Stands before each text that is searched, for example <c>search_document: </c>. Default: nothing.</summary>
    public string DocumentPrefix { get; set; } = "";

    /// <summary>What the texts of a request are that says nothing (<see cref="EmbeddingOptionsExtensions.UseInputType"/>). Default: <see cref="EmbeddingInputType.Document"/>.</summary>
    public EmbeddingInputType InputType { get; set; }

    /// <summary>The most tokens of a text, its prefix included. Default: one less than the engine's context; of an encoder, which evaluates a text at once, the smaller of its trained length and <see cref="LlamaEngineOptions.BatchTokens"/>. Range: 1 to that.</summary>
    public int? MaxInputTokens { get; set; }

    /// <summary>Whether the end of a text that is too long is cut off, instead of an error. A request may say otherwise. Default: false.</summary>
    public bool Truncate { get; set; }

    internal LlamaEmbeddingGeneratorOptions Copy() => (LlamaEmbeddingGeneratorOptions)MemberwiseClone();

    internal void Validate(int hiddenSize, int longestText)
    {
        List<string> errors = [];
        if (Pooling is { } pooling && !Enum.IsDefined(pooling))
        {
            errors.Add($"{nameof(Pooling)} is {pooling}, but must be Mean, Cls or Last. Change the option or leave it unset.");
        }

        if (!Enum.IsDefined(InputType))
        {
            errors.Add($"{nameof(InputType)} is {InputType}, but must be Document or Query. Change the option or leave it unset.");
        }

        if (Dimensions < 1 || Dimensions > hiddenSize)
        {
            errors.Add($"{nameof(Dimensions)} is {Dimensions}, but must be from 1 to {hiddenSize} with this model. Change the option or leave it unset.");
        }

        if (MaxInputTokens < 1 || MaxInputTokens > longestText)
        {
            errors.Add($"{nameof(MaxInputTokens)} is {MaxInputTokens}, but must be from 1 to {longestText} with this context. Change the option or leave it unset.");
        }

        if (errors.Count > 0)
        {
            throw new InvalidOptionsException(nameof(LlamaEmbeddingGeneratorOptions), errors);
        }
    }
}
