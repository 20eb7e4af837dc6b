using System.Text;
using Spectre.Console;

namespace AgentConsole.Input;

/// <summary>Reads keys, and a text that the terminal announces as pasted as one input, so that its line breaks do not count as Enter.</summary>
internal sealed class KeyReader(IAnsiConsoleInput input)
{
    /// <summary>Asks the terminal to announce pasted text.</summary>
    public const string StartBracketedPaste = "\e[?2004h";

    /// <summary>Ends what <see cref="StartBracketedPaste"/> began.</summary>
    public const string EndBracketedPaste = "\e[?2004l";

    private const string PasteBegins = "[200~";
    private const string PasteEnds = "\e[201~";

    /// <summary>Whether more was typed already, so that drawing can wait.</summary>
    public bool HasMore => input.IsKeyAvailable();

    public KeyInput Read()
    {
        ConsoleKeyInfo key = ReadKey();
        bool control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        if (IsEscape(key) && TryReadPaste(key, out string? pasted))
        {
            return new KeyInput(Text: pasted);
        }

        if (char.IsHighSurrogate(key.KeyChar))
        {
            return new KeyInput(Text: string.Concat([key.KeyChar, ReadKey().KeyChar]));
        }

        bool isText = key.KeyChar != 0 && !char.IsControl(key.KeyChar) && !key.Modifiers.HasFlag(ConsoleModifiers.Alt);
        return isText ? new KeyInput(Text: key.KeyChar.ToString()) : new KeyInput(key.Key, control);
    }

    // .NET reports an unknown sequence as the Escape key or, with the character behind it, as Alt and that character.
    private static bool IsEscape(ConsoleKeyInfo key) =>
        key.Key == ConsoleKey.Escape || (key.KeyChar == PasteBegins[0] && key.Modifiers.HasFlag(ConsoleModifiers.Alt));

    private bool TryReadPaste(ConsoleKeyInfo first, out string? pasted)
    {
        pasted = null;
        int matched = first.Key == ConsoleKey.Escape ? 0 : 1;
        while (matched < PasteBegins.Length)
        {
            if (!input.IsKeyAvailable() || ReadKey().KeyChar != PasteBegins[matched])
            {
                return false;
            }

            matched++;
        }

        pasted = ReadPaste();
        return true;
    }

    private string ReadPaste()
    {
        var text = new StringBuilder();
        ConsoleKeyInfo key;
        do
        {
            key = ReadKey();
            text.Append(key.Modifiers.HasFlag(ConsoleModifiers.Alt) ? "\e" : "").Append(key.KeyChar);
        }
        while (key.KeyChar != PasteEnds[^1] || !text.ToString().EndsWith(PasteEnds, StringComparison.Ordinal));

        text.Length -= PasteEnds.Length;
        return TerminalText.Clean(text.Replace("\r\n", "\n").Replace('\r', '\n').Replace("\t", "    ").ToString());
    }

    private ConsoleKeyInfo ReadKey() => input.ReadKey(intercept: true) ?? throw new EndOfStreamException("The terminal was closed.");

    /// <summary>Text to insert, or else a key.</summary>
    internal sealed record KeyInput(ConsoleKey Key = default, bool Control = false, string? Text = null);
}
