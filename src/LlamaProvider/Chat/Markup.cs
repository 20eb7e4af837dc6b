using System.Collections.Immutable;
using System.Text;
using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Chat;

/// <summary>What a template writes around content, such as <c>&lt;tool_call&gt;</c>, as a model has to write it: control tokens as themselves, everything else as text.</summary>
internal sealed class Markup
{
    private readonly Vocabulary _vocabulary;
    private readonly ITokenizer _tokenizer;

    public Markup(ILanguageModel model)
    {
        _vocabulary = model.Vocabulary;
        _tokenizer = model.Tokenizer;
    }

    /// <summary>The part of an answer that is this markup.</summary>
    public TextPart ToPart(string markup)
    {
        var parts = ImmutableArray.CreateBuilder<TextPart>();
        var text = new List<byte>();
        foreach (int token in Encode(markup))
        {
            if (_vocabulary.IsText(token))
            {
                text.AddRange(_vocabulary.GetBytes(token));
            }
            else
            {
                AddText(parts, text);
                parts.Add(new TextPart.Token(token));
            }
        }

        if (parts.Count == 0)
        {
            // A tokenizer that puts a space before a text would change it.
            return new TextPart.Literal(markup);
        }

        AddText(parts, text);
        return TextPart.Of(parts.ToImmutable().AsSpan());
    }

    /// <summary>The control tokens in this markup.</summary>
    public IEnumerable<int> ControlTokens(string markup) => Encode(markup).Where(token => !_vocabulary.IsText(token));

    /// <summary>Whether the whole markup is written as text.</summary>
    public bool IsText(string markup) => !ControlTokens(markup).Any();

    /// <summary>The tokens of this markup.</summary>
    public List<int> Encode(string markup)
    {
        var tokens = new List<int>();
        _tokenizer.EncodeMarkup(Encoding.UTF8.GetBytes(markup), tokens);
        return tokens;
    }

    private static void AddText(ImmutableArray<TextPart>.Builder parts, List<byte> text)
    {
        if (text.Count > 0)
        {
            parts.Add(new TextPart.Literal(Encoding.UTF8.GetString([.. text])));
            text.Clear();
        }
    }
}
