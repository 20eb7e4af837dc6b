using System.Buffers;
using System.Text;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Templates;

namespace LlamaProvider.Reranking;

/// <summary>Pairs by a template of the model file, in which <c>{query}</c> and <c>{document}</c> stand for the texts. The template's control tokens are control tokens, the texts' are text.</summary>
internal sealed class TemplatePairTokenizer(ILanguageModel model, string template, int maxTokens) : IPairTokenizer
{
    private const string QueryPlace = "{query}";
    private const string DocumentPlace = "{document}";
    private static readonly SearchValues<string> Places = SearchValues.Create([QueryPlace, DocumentPlace], StringComparison.Ordinal);
    private readonly PromptTokenizer _tokenizer = new(model, template);

    public int[] Encode(string query, string document, int index, bool truncate)
    {
        List<int> tokens = Encode(query, document);
        if (tokens.Count <= maxTokens)
        {
            return [.. tokens];
        }

        // Tokens may cross the borders of the document, so it is cut as text, where a token of its own ends, and encoded again.
        List<int> text = model.Tokenizer.EncodeText(document);
        int whole = tokens.Count;
        int room = text.Count;
        while (tokens.Count > maxTokens)
        {
            room -= tokens.Count - maxTokens;
            tokens = Encode(query, Decode(PairLimit.Cut(text, room, index, truncate, whole, maxTokens)));
        }

        return [.. tokens];
    }

    private List<int> Encode(string query, string document)
    {
        var text = new StringBuilder();
        var ranges = new List<ContentRange>();
        ReadOnlySpan<char> rest = template;
        for (int at = rest.IndexOfAny(Places); at >= 0; at = rest.IndexOfAny(Places))
        {
            bool isQuery = rest[at..].StartsWith(QueryPlace, StringComparison.Ordinal);
            text.Append(rest[..at]);
            AddContent(text, ranges, isQuery ? query : document);
            rest = rest[(at + (isQuery ? QueryPlace : DocumentPlace).Length)..];
        }

        text.Append(rest);
        return _tokenizer.Encode(new RenderedPrompt(text.ToString(), ranges));
    }

    private static void AddContent(StringBuilder text, List<ContentRange> ranges, string content)
    {
        if (content.Length == 0)
        {
            return;
        }

        // Ranges that touch are one.
        var range = new ContentRange(text.Length, text.Length + content.Length);
        if (ranges.Count > 0 && ranges[^1].End == range.Start)
        {
            range = new ContentRange(ranges[^1].Start, range.End);
            ranges.RemoveAt(ranges.Count - 1);
        }

        ranges.Add(range);
        text.Append(content);
    }

    /// <summary>The text of tokens, less a character that is cut in the middle.</summary>
    private string Decode(List<int> tokens)
    {
        var bytes = new List<byte>();
        tokens.ForEach(token => bytes.AddRange(model.Vocabulary.GetBytes(token)));
        return Encoding.UTF8.GetString([.. bytes]).TrimEnd('\uFFFD');
    }
}
