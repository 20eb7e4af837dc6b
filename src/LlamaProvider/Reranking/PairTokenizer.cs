using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Reranking;

/// <summary>Puts a query and a document together as the model was trained to read them.</summary>
internal interface IPairTokenizer
{
    /// <summary>The tokens. Text that names a control token is only text.</summary>
    /// <param name="query">The query.</param>
    /// <param name="document">The document.</param>
    /// <param name="index">Which of the call's documents it is, for errors.</param>
    /// <param name="truncate">Whether the end of a document that is too long is cut off.</param>
    /// <exception cref="RerankInputException">There are too many.</exception>
    int[] Encode(string query, string document, int index, bool truncate);
}

/// <summary>
/// <c>[BOS] query [EOS] [SEP] document [EOS]</c>, each mark where the vocabulary says that the model was trained with it. A vocabulary without an end-of-text token has its separator
/// there. This is what llama.cpp's server makes of a pair (<c>format_prompt_rerank</c>).
/// </summary>
internal sealed class PairTokenizer(ILanguageModel model, int maxTokens) : IPairTokenizer
{
    /// <summary>The template of a model that has one for pairs.</summary>
    public const string TemplateKey = "tokenizer.chat_template.rerank";

    public static IPairTokenizer Create(ILanguageModel model, int maxTokens) => model.Metadata.GetValueOrDefault(TemplateKey) is { } template
        ? new TemplatePairTokenizer(model, template, maxTokens)
        : new PairTokenizer(model, maxTokens);

    public int[] Encode(string query, string document, int index, bool truncate)
    {
        SpecialTokens special = model.Vocabulary.Special;
        List<int> tokens = special is { PrependsBeginningOfText: true, BeginningOfText: int beginning } ? [beginning] : [];
        int? end = special.AppendsEndOfText ? special.EndOfText ?? special.Separator : null;
        tokens.AddRange(model.Tokenizer.EncodeText(query));
        AddMark(end);
        AddMark(special.InsertsSeparator ? special.Separator : null);
        int room = maxTokens - tokens.Count - (end is null ? 0 : 1);
        List<int> text = model.Tokenizer.EncodeText(document);
        if (text.Count > room)
        {
            text = PairLimit.Cut(text, room, index, truncate, tokens.Count + text.Count + (end is null ? 0 : 1), maxTokens);
        }

        tokens.AddRange(text);
        AddMark(end);
        return [.. tokens];

        void AddMark(int? mark)
        {
            if (mark is int token)
            {
                tokens.Add(token);
            }
        }
    }
}
