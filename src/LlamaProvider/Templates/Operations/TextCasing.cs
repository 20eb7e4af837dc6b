using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>Python's conversions of case that look at more than one character.</summary>
internal static class TextCasing
{
    public static string Swap(string text) =>
        string.Concat(text.Select(character => char.IsUpper(character) ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character)));

    /// <summary>The first character upper, the others lower.</summary>
    public static TextValue Capitalize(TextValue text, Budget budget)
    {
        var first = text.Characters.Length == 0 ? 0 : CodePoints.Width(text.Characters, 0);
        var head = Texts.Convert(text.Slice(..first), ToTitle, budget);
        var tail = Texts.Convert(text.Slice(first..), PythonCharacters.ToLower, budget);
        return Texts.Concat(head, tail, budget).AsMarkup(text.IsMarkup);
    }

    // A letter that becomes several starts a word with the first of them: 'ß' becomes 'Ss'.
    private static string ToTitle(string letter) =>
        PythonCharacters.ToUpper(letter) is [var first, .. var rest] ? first + PythonCharacters.ToLower(rest) : "";

    /// <summary>Upper at the start of every run of cased characters, as the method <c>title</c> does; the length stays.</summary>
    public static string Title(string text)
    {
        var wasCased = false;
        return string.Concat(text.Select(character =>
        {
            var converted = wasCased ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character);
            wasCased = PythonCharacters.IsCased(character);
            return converted;
        }));
    }

    /// <summary>Upper at the start of every word, as the filter <c>title</c> does: words end at white space, hyphens and opening brackets.</summary>
    public static string TitleWords(string text)
    {
        var isStart = true;
        return string.Concat(text.Select(character =>
        {
            var isSeparator = PythonCharacters.IsSpace(character) || character is '-' or '(' or '{' or '[' or '<';
            var converted = isStart ? char.ToUpperInvariant(character) : char.ToLowerInvariant(character);
            isStart = isSeparator;
            return converted;
        }));
    }
}
