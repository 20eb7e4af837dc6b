namespace AgentConsole;

/// <summary>Writes the parts of an answer as they arrive.</summary>
/// <remarks>
/// The text goes to the writer as it is: markup in it has no meaning there, and the terminal breaks long lines itself, so that resizing and copying
/// treat them as one line.
/// </remarks>
/// <param name="output">Where to.</param>
/// <param name="isTerminal">Whether control characters would act instead of being stored.</param>
internal sealed class AnswerPrinter(TextWriter output, bool isTerminal)
{
    private bool _lineIsOpen;

    public void Write(string text)
    {
        if (text.Length > 0)
        {
            output.Write(isTerminal ? TerminalText.Clean(text) : text);
            output.Flush();
            _lineIsOpen = !text.EndsWith('\n');
        }
    }

    /// <summary>Ends the last line if the answer left it open.</summary>
    public void EndLine()
    {
        if (_lineIsOpen)
        {
            output.WriteLine();
            _lineIsOpen = false;
        }
    }
}
