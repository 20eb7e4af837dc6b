using System.Buffers;
using System.Text;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Templates;

namespace LlamaProvider.Chat;

/// <summary>
/// Turns a rendered prompt into tokens in such a way that control tokens come from the template alone: the name of one inside a message is text.
/// </summary>
/// <remarks>
/// <para>
/// The prompt is encoded as a whole, since tokens may cross the border between template and content. Only where content touches the name of a control
/// token is it cut, and that name is encoded as plain text.
/// </para>
/// <para>
/// The same holds for user-defined tokens that the template uses as marks, such as <c>&lt;tool_response&gt;</c>. Tokenizers find those in plain text too, so
/// such a name is encoded in two parts, which say the same in other tokens. User-defined tokens that the template does not write stay what they are.
/// </para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
internal sealed class PromptTokenizer
{
    private readonly ILanguageModel _model;
    private readonly HashSet<string> _marks;
    private readonly string[] _names;
    private readonly SearchValues<string> _search;

    /// <param name="model">Has the tokens.</param>
    /// <param name="template">The source of the template that writes the prompts.</param>
    public PromptTokenizer(ILanguageModel model, string template)
    {
        _model = model;
        const TokenAttributes Control = TokenAttributes.Control | TokenAttributes.EndOfGeneration | TokenAttributes.Unknown;
        _marks = [.. Names(model.Vocabulary, TokenAttributes.UserDefined).Where(name => IsMark(name) && template.Contains(name, StringComparison.Ordinal))];
        string[] control = [.. Names(model.Vocabulary, Control)];
        _marks.ExceptWith(control);
        _names = [.. control.Concat(_marks).Distinct(StringComparer.Ordinal).OrderByDescending(name => name.Length)];
        _search = SearchValues.Create(_names, StringComparison.Ordinal);
    }

    /// <summary>The prompt's tokens, with the beginning-of-text token in front where the model was trained so and the template has none.</summary>
    public List<int> Encode(RenderedPrompt prompt)
    {
        var tokens = new List<int>();
        SpecialTokens special = _model.Vocabulary.Special;
        if (special is { PrependsBeginningOfText: true, BeginningOfText: int beginning })
        {
            tokens.Add(beginning);
        }

        EncodeParts(prompt, tokens);
        if (tokens.Count > 1 && special.PrependsBeginningOfText && tokens[0] == tokens[1] && tokens[0] == special.BeginningOfText)
        {
            tokens.RemoveAt(0);
        }

        return tokens;
    }

    private void EncodeParts(RenderedPrompt prompt, List<int> tokens)
    {
        string text = prompt.Text;
        int start = 0;
        int position = 0;
        int range = 0;
        for (int found = Find(text, position); found >= 0; found = Find(text, position))
        {
            string name = NameAt(text, found);
            position = found + name.Length;
            if (TouchesContent(prompt.ContentRanges, found, position, ref range))
            {
                EncodeMarkup(text.AsSpan(start, found - start), tokens);
                EncodeName(name, tokens);
                start = position;
            }
        }

        EncodeMarkup(text.AsSpan(start), tokens);
    }

    private void EncodeName(string name, List<int> tokens)
    {
        if (!_marks.Contains(name))
        {
            EncodeText(name, tokens);
            return;
        }

        int first = Rune.GetRuneAt(name, 0).Utf16SequenceLength;
        EncodeText(name.AsSpan(0, first), tokens);
        if (Find(name, first) < 0)
        {
            EncodeText(name.AsSpan(first), tokens);
            return;
        }

        // The rest has a name in it.
        foreach (Rune rune in name.AsSpan(first).EnumerateRunes())
        {
            EncodeText(rune.ToString(), tokens);
        }
    }

    private int Find(string text, int position)
    {
        int found = text.AsSpan(position).IndexOfAny(_search);
        return found < 0 ? -1 : position + found;
    }

    /// <summary>The longest name that stands at a place; names are ordered by length.</summary>
    private string NameAt(string text, int position) =>
        _names.First(name => string.CompareOrdinal(text, position, name, 0, name.Length) == 0);

    private static bool TouchesContent(IReadOnlyList<ContentRange> ranges, int start, int end, ref int range)
    {
        while (range < ranges.Count && ranges[range].End <= start)
        {
            range++;
        }

        return range < ranges.Count && ranges[range].Start < end;
    }

    private static IEnumerable<string> Names(Vocabulary vocabulary, TokenAttributes attributes) => Enumerable.Range(0, vocabulary.Count)
        .Where(token => (vocabulary.GetAttributes(token) & attributes) != TokenAttributes.None)
        .Select(vocabulary.GetText)
        .Where(name => name.Length > 0);

    /// <summary>Whether a name stands between signs. Vocabularies also define runs of spaces and whole words, which are no marks.</summary>
    private static bool IsMark(string name) => name.Length > 1 && IsSign(name[0]) && IsSign(name[^1]);

    private static bool IsSign(char character) => !char.IsLetterOrDigit(character) && !char.IsWhiteSpace(character);

    private void EncodeText(ReadOnlySpan<char> text, List<int> tokens) => Encode(text, tokens, _model.Tokenizer.EncodeText);

    private void EncodeMarkup(ReadOnlySpan<char> text, List<int> tokens) => Encode(text, tokens, _model.Tokenizer.EncodeMarkup);

    private static void Encode(ReadOnlySpan<char> text, List<int> tokens, Action<ReadOnlySpan<byte>, List<int>> encode)
    {
        if (text.IsEmpty)
        {
            return;
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        int length = Encoding.UTF8.GetBytes(text, rented);
        encode(rented.AsSpan(0, length), tokens);
        ArrayPool<byte>.Shared.Return(rented);
    }
}
