using LlamaProvider.Decoding;

namespace LlamaProvider.Perplexity;

/// <summary>A text is too short for a perplexity with these windows.</summary>
public sealed class PerplexityInputException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="tokens">Tokens of the text.</param>
    /// <param name="windowTokens">Tokens of a window.</param>
    public PerplexityInputException(int tokens, int windowTokens)
        : base($"The text has {tokens} tokens, but a perplexity with windows of {windowTokens} needs at least {2 * (long)windowTokens}. Take a longer text or lower {nameof(PerplexityOptions.WindowTokens)}.")
    {
        Tokens = tokens;
        WindowTokens = windowTokens;
    }

    /// <summary>Tokens of the text.</summary>
    public int Tokens { get; }

    /// <summary>Tokens of a window.</summary>
    public int WindowTokens { get; }
}
