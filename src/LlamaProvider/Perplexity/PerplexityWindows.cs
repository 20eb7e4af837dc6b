using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Perplexity;

/// <summary>A text's tokens, cut as llama.cpp's tool cuts them (tools/perplexity/perplexity.cpp).</summary>
internal sealed class PerplexityWindows
{
    private readonly List<int> _tokens;
    private readonly int? _beginning;

    private PerplexityWindows(List<int> tokens, int? beginning, int length, int count)
    {
        _tokens = tokens;
        _beginning = beginning;
        Length = length;
        Count = count;
    }

    /// <summary>Tokens of a window.</summary>
    public int Length { get; }

    public int Count { get; }

    /// <summary>Tokens of the text.</summary>
    public int TextTokens => _tokens.Count;

    /// <summary>The first token of a window that is scored: its predecessor is the first of the second half.</summary>
    public int FirstScored => (Length / 2) + 1;

    /// <exception cref="PerplexityInputException">The text has fewer tokens than two windows.</exception>
    public static PerplexityWindows Cut(ILanguageModel model, string text, PerplexityOptions options)
    {
        SpecialTokens special = model.Vocabulary.Special;
        int? beginning = special.PrependsBeginningOfText ? special.BeginningOfText : null;
        List<int> tokens = options.ControlTokens ? model.Tokenizer.EncodeMarkup(text) : model.Tokenizer.EncodeText(text);
        if (beginning is { } token)
        {
            tokens.Insert(0, token);
        }

        int length = options.WindowTokens;
        return tokens.Count >= 2 * (long)length
            ? new PerplexityWindows(tokens, beginning, length, Math.Min(options.MaxWindows ?? int.MaxValue, tokens.Count / length))
            : throw new PerplexityInputException(tokens.Count, length);
    }

    /// <summary>The tokens of a window.</summary>
    public int[] Take(int index)
    {
        int[] window = [.. _tokens.GetRange(index * Length, Length)];
        window[0] = _beginning ?? window[0];
        return window;
    }
}
