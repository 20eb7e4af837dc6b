using System.Globalization;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>Python's <c>repr()</c> of a string: quotes, escapes, and what cannot be printed as a number.</summary>
internal static class TextRepr
{
    public static void Write(TextValue text, TextBuilder output)
    {
        var characters = text.Characters;
        var quote = characters.Contains('\'', StringComparison.Ordinal) && !characters.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        output.Append(text.IsMarkup ? "Markup(" : "").Append(quote);
        foreach (var segment in text.Segments)
        {
            var part = characters.AsSpan(segment.Start, segment.Length);
            for (int i = 0, width; i < part.Length; i += width)
            {
                width = CodePoints.Width(part, i);
                Write(part.Slice(i, width), quote, segment.IsContent, output);
            }
        }

        output.Append(quote).Append(text.IsMarkup ? ")" : "");
    }

    private static void Write(ReadOnlySpan<char> character, char quote, bool isContent, TextBuilder output)
    {
        var escape = character[0] switch
        {
            '\\' => @"\\",
            '\n' => @"\n",
            '\r' => @"\r",
            '\t' => @"\t",
            var unit when unit == quote => "\\" + quote,
            _ when PythonCharacters.IsPrintable(character) => null,
            var unit when unit < 0x100 => $@"\x{(int)unit:x2}",
            var unit when character.Length == 1 => $@"\u{(int)unit:x4}",
            _ => string.Create(CultureInfo.InvariantCulture, $@"\U{char.ConvertToUtf32(character[0], character[1]):x8}"),
        };
        output.Append(escape ?? character, isContent);
    }
}
