using System.Text;

namespace LlamaProvider.Decoding.Model;

/// <summary>Turns text into tokens.</summary>
/// <remarks>
/// Safe for concurrent use. The two calls differ in trust: text that a user wrote goes through <see cref="EncodeText"/>, where the name of a control
/// token is only text; markup that the application wrote goes through <see cref="EncodeMarkup"/>, where it is the control token.
/// Tokens marked <see cref="TokenAttributes.UserDefined"/> are pieces of text like any other and are matched by both.
/// Neither adds a beginning-of-text token by itself.
/// </remarks>
public interface ITokenizer
{
    /// <summary>Appends the tokens of plain text; no control token can come out of it.</summary>
    /// <param name="utf8">The text. Bytes that are not UTF-8 are encoded as the vocabulary can.</param>
    /// <param name="destination">Receives the tokens.</param>
    void EncodeText(ReadOnlySpan<byte> utf8, List<int> destination);

    /// <summary>Appends the tokens of markup: the names of control tokens become those tokens.</summary>
    /// <param name="utf8">The markup. Bytes that are not UTF-8 are encoded as the vocabulary can.</param>
    /// <param name="destination">Receives the tokens.</param>
    void EncodeMarkup(ReadOnlySpan<byte> utf8, List<int> destination);
}

/// <summary>Shorter forms of <see cref="ITokenizer"/>'s calls.</summary>
public static class TokenizerExtensions
{
    /// <inheritdoc cref="ITokenizer.EncodeText"/>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="text">The text.</param>
    public static List<int> EncodeText(this ITokenizer tokenizer, string text)
    {
        var tokens = new List<int>();
        tokenizer.EncodeText(Encoding.UTF8.GetBytes(text), tokens);
        return tokens;
    }

    /// <inheritdoc cref="ITokenizer.EncodeMarkup"/>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="text">The markup.</param>
    public static List<int> EncodeMarkup(this ITokenizer tokenizer, string text)
    {
        var tokens = new List<int>();
        tokenizer.EncodeMarkup(Encoding.UTF8.GetBytes(text), tokens);
        return tokens;
    }
}
