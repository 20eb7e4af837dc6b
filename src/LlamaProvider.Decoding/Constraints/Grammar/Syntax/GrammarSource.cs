using System.Text;

namespace LlamaProvider.Decoding.Constraints.Grammar.Syntax;

/// <summary>The text of a grammar, and a place in it.</summary>
internal sealed class GrammarSource(string text)
{
    /// <summary>The place in UTF-16 units from the start.</summary>
    public int Position { get; private set; }

    public bool IsAtEnd => Position == text.Length;

    /// <summary>The unit at the place; the null character at the end.</summary>
    public char Next => Position < text.Length ? text[Position] : '\0';

    public void Skip(int units = 1) => Position += units;

    public bool Follows(string expected) => string.CompareOrdinal(text, Position, expected, 0, expected.Length) == 0;

    /// <summary>Goes past a text, if it follows.</summary>
    public bool TrySkip(string expected)
    {
        bool follows = Follows(expected);
        Position += follows ? expected.Length : 0;
        return follows;
    }

    /// <summary>Goes past spaces, tabs and comments, and past line breaks where they mean nothing.</summary>
    public void SkipSpace(bool withLineBreaks)
    {
        while (!IsAtEnd)
        {
            if (Next == '#')
            {
                int end = text.AsSpan(Position).IndexOfAny('\r', '\n');
                Position = end < 0 ? text.Length : Position + end;
            }
            else if (Next is ' ' or '\t' || (withLineBreaks && Next is '\r' or '\n'))
            {
                Position++;
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Takes as many units as are in a class.</summary>
    public string TakeWhile(Func<char, bool> isIn)
    {
        int start = Position;
        while (!IsAtEnd && isIn(Next))
        {
            Position++;
        }

        return text[start..Position];
    }

    /// <summary>Takes a character.</summary>
    public Rune TakeCharacter()
    {
        if (!Rune.TryGetRuneAt(text, Position, out Rune rune))
        {
            throw Error(Position, $"U+{(int)Next:X4} is half of a surrogate pair, which is no character.", "Write the character whole, or as \\UHHHHHHHH.");
        }

        Position += rune.Utf16SequenceLength;
        return rune;
    }

    /// <summary>What is at the place, for a message.</summary>
    public string Shown() => IsAtEnd ? "the end of the grammar" : Next switch
    {
        '\n' or '\r' => "the end of the line",
        char unit when Rune.TryGetRuneAt(text, Position, out Rune rune) => $"'{rune}'",
        char unit => $"U+{(int)unit:X4}",
    };

    public GrammarSyntaxException Error(int position, string problem, string remedy)
    {
        ReadOnlySpan<char> before = text.AsSpan(0, position);
        return new GrammarSyntaxException(1 + before.Count('\n'), position - before.LastIndexOf('\n'), problem, remedy);
    }
}
