using System.Globalization;
using System.Text;

namespace LlamaProvider.Visualization.Drawing;

/// <summary>Text of tokens so that it can be seen, and stand in XML.</summary>
internal static class VisibleText
{
    /// <summary>A token's text with its spaces and line breaks as signs.</summary>
    public static string Of(string token, int most = 14)
    {
        var text = new StringBuilder(token.Length);
        foreach (Rune rune in token.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                ' ' => text.Append('␣'),
                '\n' => text.Append('↵'),
                '\r' => text.Append('␍'),
                '\t' => text.Append('⇥'),
                _ when Rune.IsControl(rune) || !IsXml(rune) => text.Append('\uFFFD'),
                _ => text.Append(rune),
            };
        }

        return text.Length == 0 ? "∅" : Cut(text.ToString(), most);
    }

    /// <summary>The text, or its beginning and an ellipsis: <paramref name="most"/> letters at most. No letter is cut in two.</summary>
    public static string Cut(string text, int most)
    {
        var letters = new StringInfo(text);
        return letters.LengthInTextElements <= most ? text : letters.SubstringByTextElements(0, Math.Max(0, most - 1)) + "…";
    }

    /// <summary>The text with what XML cannot hold as U+FFFD.</summary>
    public static string Xml(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            result.Append(IsXml(rune) ? rune : Rune.ReplacementChar);
        }

        return result.ToString();
    }

    private static bool IsXml(Rune rune) => rune.Value is '\t' or '\n' or '\r' or (>= 0x20 and not (0xFFFE or 0xFFFF));
}
