using System.Text;
using Spectre.Console;

namespace AgentConsole.Input;

/// <summary>A prompt with the keys of a shell: moving, deleting by word and line, earlier lines, characters of any width, pasted lines.</summary>
/// <remarks>.NET's own <see cref="Console.ReadLine"/> has none of these on Linux and macOS.</remarks>
/// <param name="console">A terminal that understands ANSI sequences.</param>
/// <param name="takeControlC">Says whether Ctrl+C is to arrive as a key or, as usual, as a signal.</param>
internal sealed class LineEditor(IAnsiConsole console, Action<bool> takeControlC) : ILineReader
{
    private const string Prompt = "> ";

    private readonly InputHistory _history = new();
    private readonly KeyReader _keys = new(console.Input);
    private LineBuffer _buffer = new();
    private int _cursorRow;

    public PromptInput Read()
    {
        _buffer = new LineBuffer();
        _cursorRow = 0;
        takeControlC(true);
        console.Markup($"[bold blue]{Prompt}[/]");
        Write(KeyReader.StartBracketedPaste);
        try
        {
            return ReadToEnd();
        }
        finally
        {
            // Leaves the cursor on a fresh row, whatever the last key was.
            _buffer.End();
            Draw();
            Write(KeyReader.EndBracketedPaste + Environment.NewLine);
            takeControlC(false);
        }
    }

    private PromptInput ReadToEnd()
    {
        while (true)
        {
            if (Apply(_keys.Read()) is { } result)
            {
                return result;
            }

            if (!_keys.HasMore)
            {
                Draw();
            }
        }
    }

    /// <summary>Does what a key says; the result when it ends the input.</summary>
    private PromptInput? Apply(KeyReader.KeyInput input)
    {
        switch (input)
        {
            case { Text: { } text }:
                _buffer.Insert(text);
                return null;
            case { Key: ConsoleKey.Enter }:
                _history.Add(_buffer.Text);
                return new PromptInput.Line(_buffer.Text);
            case { Key: ConsoleKey.C, Control: true }:
                return new PromptInput.Interrupted(_buffer.Text.Length == 0);
            case { Key: ConsoleKey.D, Control: true } when _buffer.Text.Length == 0:
                return new PromptInput.End();
            default:
                Edit(input.Key, input.Control);
                return null;
        }
    }

    private void Edit(ConsoleKey key, bool control)
    {
        Action? edit = (key, control) switch
        {
            (ConsoleKey.LeftArrow, true) => _buffer.WordLeft,
            (ConsoleKey.RightArrow, true) => _buffer.WordRight,
            (ConsoleKey.LeftArrow, false) or (ConsoleKey.B, true) => _buffer.Left,
            (ConsoleKey.RightArrow, false) or (ConsoleKey.F, true) => _buffer.Right,
            (ConsoleKey.Home, _) or (ConsoleKey.A, true) => _buffer.Home,
            (ConsoleKey.End, _) or (ConsoleKey.E, true) => _buffer.End,
            (ConsoleKey.W, true) or (ConsoleKey.Backspace, true) => _buffer.DeleteWordBack,
            (ConsoleKey.Backspace, false) or (ConsoleKey.H, true) => _buffer.DeleteBack,
            (ConsoleKey.Delete, _) or (ConsoleKey.D, true) => _buffer.DeleteForward,
            (ConsoleKey.U, true) => _buffer.DeleteToStart,
            (ConsoleKey.K, true) => _buffer.DeleteToEnd,
            (ConsoleKey.UpArrow, _) or (ConsoleKey.P, true) => () => Recall(_history.Older(_buffer.Text)),
            (ConsoleKey.DownArrow, _) or (ConsoleKey.N, true) => () => Recall(_history.Newer()),
            _ => null,
        };
        edit?.Invoke();
    }

    private void Recall(string? line)
    {
        if (line is not null)
        {
            _buffer.Set(line);
        }
    }

    /// <summary>Draws the text behind the prompt anew, in one write so that nothing flickers.</summary>
    private void Draw()
    {
        LineLayout layout = LineLayout.Of(_buffer.Text, _buffer.Cursor, Prompt.Length, Math.Max(console.Profile.Width, Prompt.Length + 2));
        var output = new StringBuilder();
        MoveUp(output, _cursorRow);
        output.Append(Column(Prompt.Length)).Append("\e[J").AppendJoin("\r\n", layout.Rows);
        MoveUp(output, layout.Rows.Count - 1 - layout.CursorRow);
        output.Append(Column(layout.CursorColumn));
        Write(output.ToString());
        _cursorRow = layout.CursorRow;
    }

    private static void MoveUp(StringBuilder output, int rows)
    {
        if (rows > 0)
        {
            output.Append("\e[").Append(rows).Append('A');
        }
    }

    private static string Column(int column) => $"\e[{column + 1}G";

    private void Write(string sequence)
    {
        console.Profile.Out.Writer.Write(sequence);
        console.Profile.Out.Writer.Flush();
    }
}
