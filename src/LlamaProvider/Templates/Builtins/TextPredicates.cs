using System.Globalization;
using System.Text;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>The methods of strings that only answer yes or no. Except where noted, the empty string answers no.</summary>
internal static class TextPredicates
{
    public static readonly Builtin[] All =
    [
        Of("isalpha", Rune.IsLetter),
        Of("isalnum", rune => Rune.IsLetter(rune) || Rune.IsNumber(rune)),
        Of("isdecimal", Rune.IsDigit),
        Of("isdigit", IsDigit),
        Of("isnumeric", Rune.IsNumber),
        Of("isspace", rune => rune.IsBmp && PythonCharacters.IsSpace((char)rune.Value)),
        OfText("isascii", text => Ascii.IsValid(text)),
        OfText("isprintable", text => text.EnumerateRunes().All(rune => PythonCharacters.IsPrintable(rune.ToString()))),
        OfText("isidentifier", text => PythonCharacters.IsIdentifier(text)),
        OfText("islower", text => IsCase(text, char.IsLower, char.IsUpper)),
        OfText("isupper", text => IsCase(text, char.IsUpper, char.IsLower)),
        OfText("istitle", IsTitle),
    ];

    /// <summary>Whether there are cased characters, and none of the other case.</summary>
    public static bool IsCase(string text, Func<char, bool> isCase, Func<char, bool> isOther) => text.Any(isCase) && !text.Any(isOther);

    private static Builtin Of(string name, Func<Rune, bool> holds) =>
        OfText(name, text => text.Length > 0 && text.EnumerateRunes().All(holds));

    private static Builtin OfText(string name, Func<string, bool> holds) =>
        new(name, call => BoolValue.Of(holds(((TextValue)call.Self).Characters)));

    private static bool IsTitle(string text) =>
        text.Any(PythonCharacters.IsCased) && string.Equals(TextCasing.Title(text), text, StringComparison.Ordinal);

    // Python counts superscripts and circled digits, but not numbers beyond 9.
    private static bool IsDigit(Rune rune) =>
        Rune.IsDigit(rune) || (Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNumber
            && Rune.GetNumericValue(rune) is >= 0 and <= 9 and var value && value == Math.Floor(value));
}
