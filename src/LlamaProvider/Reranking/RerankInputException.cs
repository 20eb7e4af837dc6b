using LlamaProvider.Decoding;

namespace LlamaProvider.Reranking;

/// <summary>A query or a document cannot be ranked; none of the call's documents was.</summary>
public sealed class RerankInputException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="index">Which of the call's documents, from 0; <see langword="null"/> for the query.</param>
    /// <param name="message">The value, the rule and the remedy.</param>
    public RerankInputException(int? index, string message)
        : base(message) => Index = index;

    /// <summary>Which of the call's documents, from 0; <see langword="null"/> for the query.</summary>
    public int? Index { get; }
}
