using System.Text;
using System.Text.RegularExpressions;
using Pattern = System.Text.RegularExpressions.Regex;
using LlamaProvider.Decoding.Constraints.Phrases;

namespace LlamaProvider.Decoding.Tests.Constraints.Phrases;

/// <summary>What it means to contain a phrase, said with .NET's regular expressions over whole texts.</summary>
internal static class PhraseReference
{
    public static bool Contains(string text, string phrase, PhraseOptions options)
    {
        string pattern = Pattern.Escape(phrase);
        if (options.WholeWords)
        {
            pattern = (IsWord(phrase.EnumerateRunes().First()) ? @"(?<![\p{L}\p{M}\p{N}])" : "") + pattern
                + (IsWord(phrase.EnumerateRunes().Last()) ? @"(?![\p{L}\p{M}\p{N}])" : "");
        }

        return Pattern.IsMatch(Flatten(text), pattern, RegexOptions.CultureInvariant | (options.IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));
    }

    public static bool ContainsAll(string text, PhraseOptions options) => options.Phrases.All(phrase => Contains(text, phrase, options));

    public static bool ContainsAny(string text, PhraseOptions options) => options.Phrases.Any(phrase => Contains(text, phrase, options));

    /// <summary>Letters that UTF-16 writes as pairs, which .NET's patterns take for two characters of no class, as a letter that it writes as one.</summary>
    public static string Flatten(string text) =>
        string.Concat(text.EnumerateRunes().Select(static rune => rune.IsBmp || !Rune.IsLetterOrDigit(rune) ? rune.ToString() : "\u0e01"));

    private static bool IsWord(Rune rune) => Pattern.IsMatch(rune.ToString(), @"[\p{L}\p{M}\p{N}]");
}
