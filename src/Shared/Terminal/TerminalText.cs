namespace LlamaProvider.Terminal;

/// <summary>Makes text safe to show: what a model or a file says must not be able to move the cursor, clear the screen or set the window's title.</summary>
internal static class TerminalText
{
    private const char ControlPictures = '\u2400';

    /// <summary>Shows control characters other than line feed and tab as symbols; carriage returns are dropped.</summary>
    public static string Clean(string text) => text.Any(IsUnsafe)
        ? string.Concat(text.Where(character => character != '\r').Select(Show))
        : text;

    private static bool IsUnsafe(char character) => char.IsControl(character) && character is not ('\n' or '\t');

    private static char Show(char character) => character switch
    {
        _ when !IsUnsafe(character) => character,
        < ' ' => (char)(ControlPictures + character),
        _ => '\uFFFD',
    };
}
