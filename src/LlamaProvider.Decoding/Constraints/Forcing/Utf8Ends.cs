using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.Forcing;

/// <summary>Where the characters of a UTF-8 text begin and end.</summary>
internal static class Utf8Ends
{
    /// <summary>Bytes at the beginning that belong to a character which began before.</summary>
    public static int CountContinuations(ReadOnlySpan<byte> text)
    {
        int count = 0;
        while (count < text.Length && IsContinuation(text[count]))
        {
            count++;
        }

        return count;
    }

    /// <summary>Where the character begins that a place is in.</summary>
    public static int CharacterAt(ReadOnlySpan<byte> text, int place)
    {
        while (place > 0 && IsContinuation(text[place]))
        {
            place--;
        }

        return place;
    }

    /// <summary>Leaves out a character at the end that is not whole.</summary>
    /// <param name="text">The text.</param>
    /// <param name="next">What may follow the text; afterwards, what follows the trimmed one.</param>
    public static ReadOnlySpan<byte> TrimPartial(ReadOnlySpan<byte> text, scoped ref ByteSet next)
    {
        if (text.IsEmpty)
        {
            return text;
        }

        int last = CharacterAt(text, text.Length - 1);
        int length = text[last] switch { < 0xC0 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => 4 };
        if (text.Length - last >= length)
        {
            return text;
        }

        next = ByteSet.Of(text[last]);
        return text[..last];
    }

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;
}
