using System.Globalization;

namespace AgentConsole.Input;

/// <summary>A text under edit, with a cursor that never stands inside a character that the user sees as one.</summary>
internal sealed class LineBuffer
{
    public string Text { get; private set; } = "";

    /// <summary>The cursor, as an index into <see cref="Text"/>.</summary>
    public int Cursor { get; private set; }

    public void Set(string text)
    {
        Text = text;
        Cursor = text.Length;
    }

    public void Insert(string text)
    {
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    public void Left() => Cursor = Previous();

    public void Right() => Cursor = Next();

    public void WordLeft() => Cursor = PreviousWord();

    public void WordRight()
    {
        Skip(char.IsWhiteSpace);
        Skip(character => !char.IsWhiteSpace(character));
    }

    public void Home() => Cursor = 0;

    public void End() => Cursor = Text.Length;

    public void DeleteBack() => DeleteFrom(Previous());

    public void DeleteWordBack() => DeleteFrom(PreviousWord());

    public void DeleteToStart() => DeleteFrom(0);

    public void DeleteForward() => Text = Text.Remove(Cursor, Next() - Cursor);

    public void DeleteToEnd() => Text = Text[..Cursor];

    private void DeleteFrom(int start)
    {
        Text = Text.Remove(start, Cursor - start);
        Cursor = start;
    }

    private int Previous()
    {
        int[] starts = StringInfo.ParseCombiningCharacters(Text[..Cursor]);
        return starts.Length == 0 ? 0 : starts[^1];
    }

    private int Next() => Cursor + (Cursor == Text.Length ? 0 : StringInfo.GetNextTextElementLength(Text, Cursor));

    private int PreviousWord()
    {
        string before = Text[..Cursor].TrimEnd();
        return before.Length - before.Reverse().TakeWhile(character => !char.IsWhiteSpace(character)).Count();
    }

    private void Skip(Func<char, bool> condition)
    {
        while (Cursor < Text.Length && condition(Text[Cursor]))
        {
            Cursor++;
        }
    }
}
