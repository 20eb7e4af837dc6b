using System.Buffers;
using System.Globalization;
using System.Text;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>Python's classes of characters, where they differ from .NET's.</summary>
internal static class PythonCharacters
{
    /// <summary>What ends a line in Python's <c>splitlines</c>; the two characters CR LF are one end.</summary>
    public const string LineBreaks = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029";

    private const string ExpandingLetters = "ßŉǰﬀﬁﬂﬃﬄﬅﬆ";

    private static readonly SearchValues<char> Expanding = SearchValues.Create(ExpandingLetters);

    private static readonly string[] Expansions = ["SS", "ʼN", "J\u030c", "FF", "FI", "FL", "FFI", "FFL", "ST", "ST"];

    /// <summary>Python's <c>isspace</c>: .NET's white space and the four information separators.</summary>
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\x1c' and <= '\x1f';

    public static bool IsLineBreak(char character) => LineBreaks.Contains(character);

    /// <summary>Whether <c>repr</c> shows the character as it is.</summary>
    public static bool IsPrintable(ReadOnlySpan<char> character)
    {
        if (character is [' '])
        {
            return true;
        }

        return CodePoints.RuneAt(character, 0) is { } rune && Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or
            UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or
            UnicodeCategory.SpaceSeparator);
    }

    /// <summary>What a regular expression's <c>\w</c> matches.</summary>
    public static bool IsWord(char character) => char.IsLetterOrDigit(character) || char.IsSurrogate(character) || character == '_';

    /// <summary>Python's <c>upper</c>, which turns some characters into two or three; .NET's leaves those as they are.</summary>
    public static string ToUpper(string characters)
    {
        var upper = characters.ToUpperInvariant();
        return upper.AsSpan().ContainsAny(Expanding) ? string.Concat(upper.Select(character => Expand(character) ?? character.ToString())) : upper;
    }

    public static string ToLower(string characters) => characters.ToLowerInvariant().Replace("İ", "i\u0307", StringComparison.Ordinal);

    private static string? Expand(char character) =>
        ExpandingLetters.IndexOf(character, StringComparison.Ordinal) is var index and >= 0 ? Expansions[index] : null;

    public static bool IsCased(char character) => char.IsUpper(character) || char.IsLower(character);

    /// <summary>Python's <c>isidentifier</c>, by category.</summary>
    public static bool IsIdentifier(ReadOnlySpan<char> characters)
    {
        if (characters.IsEmpty || char.IsDigit(characters[0]))
        {
            return false;
        }

        foreach (var character in characters)
        {
            if (!char.IsLetterOrDigit(character) && character != '_' && char.GetUnicodeCategory(character) is not (
                UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation or
                UnicodeCategory.LetterNumber))
            {
                return false;
            }
        }

        return true;
    }
}
