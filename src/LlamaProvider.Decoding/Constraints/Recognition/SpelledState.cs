namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>A state inside a word that has come byte by byte, and spells it by going back.</summary>
/// <param name="before">The state before the last byte; <see langword="null"/> where the word begins.</param>
/// <param name="value">The last byte.</param>
internal abstract class SpelledState(SpelledState? before, byte value) : GuardedState
{
    /// <summary>The last byte.</summary>
    private protected byte Value => value;

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
            word[earlier.Cursor.Depth] = first.Value;
            first = earlier;
        }

        return word;
    }
}
