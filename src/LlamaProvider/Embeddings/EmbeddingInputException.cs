using LlamaProvider.Decoding;

namespace LlamaProvider.Embeddings;

/// <summary>A text cannot be embedded; none of the call's texts was.</summary>
public sealed class EmbeddingInputException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="index">Which of the call's texts, from 0.</param>
    /// <param name="message">The value, the rule and the remedy.</param>
    public EmbeddingInputException(int index, string message)
        : base(message) => Index = index;

    /// <summary>Which of the call's texts, from 0.</summary>
    public int Index { get; }
}
