using LlamaProvider.Options;

namespace LlamaProvider.Reranking;

/// <summary>How a reranker scores documents. Every property can be bound from configuration by its name.</summary>
public sealed class LlamaRerankerOptions
{
    /// <summary>
    /// Whether scores are brought into the range from 0 to 1 by the logistic function, which keeps their order. Leave it off for models whose head gives probabilities already,
    /// as Qwen3-Reranker's does. A request may say otherwise. Default: false, the head's own scores.
    /// </summary>
    public bool Normalize { get; set; }

    /// <summary>
    /// The most tokens of a query with a document and the model's marks. Default: one less than the engine's context; of an encoder, which evaluates a text at once, the smaller of
    /// its trained length and <see cref="LlamaEngineOptions.BatchTokens"/>. Range: 1 to that.
    /// </summary>
    public int? MaxInputTokens { get; set; }

    /// <summary>Whether the end of a document that is too long is cut off, instead of an error. A request may say otherwise. Default: false.</summary>
    public bool Truncate { get; set; }

    internal LlamaRerankerOptions Copy() => (LlamaRerankerOptions)MemberwiseClone();

    internal void Validate(int longestText)
    {
        if (MaxInputTokens < 1 || MaxInputTokens > longestText)
        {
            throw new InvalidOptionsException(
                nameof(LlamaRerankerOptions),
                [$"{nameof(MaxInputTokens)} is {MaxInputTokens}, but must be from 1 to {longestText} with this context. Change the option or leave it unset."]);
        }
    }
}
