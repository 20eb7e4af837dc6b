using System.Text;

namespace DecodingLab.Terminal;

/// <summary>Text of a model for a terminal.</summary>
internal static class TerminalText
{
    /// <summary>The text without control characters, which could move the cursor or worse; line breaks and tabs stay.</summary>
    public static string Clean(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            result.Append(char.IsControl(character) && character is not ('\n' or '\t') ? '\uFFFD' : character);
        }

        return result.ToString();
    }
}
