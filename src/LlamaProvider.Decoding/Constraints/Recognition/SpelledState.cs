namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>A state inside a word that has come piece by piece, and spells it by going back.</summary>
/// <param name="before">The state before the last bytes; <see langword="null"/> where the word begins.</param>
/// <param name="last">The last bytes.</param>
internal abstract class SpelledState(SpelledState? before, SpelledPiece last) : GuardedState
{
    /// <summary>The last bytes.</summary>
    private protected SpelledPiece Last => last;

    private SpelledState? Before => before;

    /// <summary>The word up to here and on.</summary>
    /// <param name="suffix">How it goes on.</param>
    /// <param name="first">Where the word begins. What stands before that, if its cursor says so, is left open.</param>
    private protected byte[] Spell(ReadOnlySpan<byte> suffix, out SpelledState first)
    {
        var word = new byte[Cursor.Depth + suffix.Length];
        suffix.CopyTo(word.AsSpan(Cursor.Depth));
        first = this;
        while (first.Before is { } earlier)
        {
            first.Last.CopyTo(word.AsSpan(earlier.Cursor.Depth));
            first = earlier;
        }

        return word;
    }
}

/// <summary>Some bytes of a word, at most <see cref="MaxLength"/>, in a value: states that come after a token at a time are many, and have no room for an array each.</summary>
internal readonly record struct SpelledPiece
{
    /// <summary>The most bytes.</summary>
    public const int MaxLength = sizeof(ulong);

    private readonly ulong _bytes;

    /// <param name="text">The bytes; <see cref="MaxLength"/> of them if they are more.</param>
    public SpelledPiece(ReadOnlySpan<byte> text)
    {
        Length = (byte)Math.Min(text.Length, MaxLength);
        for (int i = 0; i < Length; i++)
        {
            _bytes |= (ulong)text[i] << (8 * i);
        }
    }

    /// <summary>How many bytes they are.</summary>
    public byte Length { get; }

    /// <summary>Whether others begin with them.</summary>
    public bool IsBeginningOf(SpelledPiece other) => Length <= other.Length && (Length == 0 || (other._bytes ^ _bytes) << (8 * (MaxLength - Length)) == 0);

    public void CopyTo(Span<byte> destination)
    {
        for (int i = 0; i < Length; i++)
        {
            destination[i] = (byte)(_bytes >> (8 * i));
        }
    }
}
