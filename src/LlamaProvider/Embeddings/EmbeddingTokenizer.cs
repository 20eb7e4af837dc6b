using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Embeddings;

/// <summary>Turns a text into the tokens that are embedded: as the model was trained, with its first and last token around them.</summary>
internal sealed class EmbeddingTokenizer(ILanguageModel model, int maxTokens)
{
    private readonly int? _first = model.Vocabulary.Special is { PrependsBeginningOfText: true } special ? special.BeginningOfText : null;
    private readonly int? _last = model.Vocabulary.Special.ClosingToken;

    /// <summary>The tokens. Text that names a control token is only text.</summary>
    /// <exception cref="EmbeddingInputException">There is none, or there are too many.</exception>
    public int[] Encode(int index, string text, EmbeddingSettings settings)
    {
        List<int> tokens = _first is int first ? [first] : [];
        int before = tokens.Count;
        tokens.AddRange(model.Tokenizer.EncodeText(settings.Prefix + text));
        if (tokens.Count == before)
        {
            throw new EmbeddingInputException(index, $"Text {index} is empty, so there is nothing to embed. Leave it out.");
        }

        int ends = _last is null ? 0 : 1;
        if (tokens.Count + ends > maxTokens)
        {
            if (!settings.Truncate)
            {
                throw new EmbeddingInputException(
                    index, $"Text {index} has {tokens.Count + ends} tokens, but the most is {maxTokens}. Shorten it, raise the context length, or have it cut: UseTruncation().");
            }

            tokens.RemoveRange(Math.Max(1, maxTokens - ends), tokens.Count - Math.Max(1, maxTokens - ends));
        }

        if (_last is int last && tokens.Count < maxTokens)
        {
            tokens.Add(last);
        }

        return [.. tokens];
    }
}
