namespace LlamaProvider.Reranking;

/// <summary>What becomes of pairs that are too long.</summary>
internal static class PairLimit
{
    /// <summary>A document's first tokens, or an error.</summary>
    /// <param name="document">The document's tokens, more than there is room for.</param>
    /// <param name="room">How many there is room for; none or less when the query alone fills it.</param>
    /// <param name="index">Which of the call's documents.</param>
    /// <param name="truncate">Whether it may be cut.</param>
    /// <param name="tokens">Tokens of the whole pair.</param>
    /// <param name="maxTokens">The most that it may have.</param>
    public static List<int> Cut(List<int> document, int room, int index, bool truncate, int tokens, int maxTokens)
    {
        if (room <= 0)
        {
            throw new RerankInputException(
                null, $"The query and the model's marks have {tokens - document.Count} tokens, but a pair has at most {maxTokens}, so no document fits beside them. Shorten the query. {Remedy}");
        }

        return truncate
            ? document[..room]
            : throw new RerankInputException(
                index, $"Document {index} and the query have {tokens} tokens together, but the most is {maxTokens}. Shorten one, or have documents cut: {nameof(RerankOptions.Truncate)}. {Remedy}");
    }

    private const string Remedy =
        $"If the limit is the engine's and not the model's, raise {nameof(LlamaEngineOptions.ContextLength)}, or {nameof(LlamaEngineOptions.BatchTokens)} for an encoder.";
}
