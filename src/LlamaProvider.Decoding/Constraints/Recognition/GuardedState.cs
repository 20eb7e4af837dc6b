using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>
/// A state inside a word whose meaning depends on all of it: an object's member name, which is one of those that the schema mentions, or another one. Inside the word a cursor
/// is enough; what follows is known where the word ends.
/// </summary>
internal abstract class GuardedState() : RecognizerState(isAccepting: false)
{
    /// <summary>Ends a word, unless it is escaped.</summary>
    public const byte Terminator = (byte)'"';

    private const byte Escape = (byte)'\\';

    /// <summary>Whether a byte at the cursor ends the word.</summary>
    public static bool IsEnd(WordCursor cursor, byte value) => value == Terminator && !cursor.IsEscaped;

    /// <summary>Whether the byte after this one is escaped.</summary>
    protected static bool Escapes(WordCursor cursor, byte value) => value == Escape && !cursor.IsEscaped;

    /// <summary>Where in the word the state is.</summary>
    public abstract WordCursor Cursor { get; }

    /// <summary>Whether all words that are not listed mean the same, so that one can stand for all.</summary>
    public abstract bool IsUniform { get; }

    /// <summary>The cursor after a byte that does not end the word; <see langword="false"/> when no word goes on so.</summary>
    public abstract bool TryMove(ref WordCursor cursor, byte value);

    /// <summary>The state after the word's end; <see langword="null"/> when there is no such word here.</summary>
    /// <param name="cursor">The cursor before the terminator.</param>
    /// <param name="suffix">The word's bytes from this state on.</param>
    public abstract RecognizerState? End(WordCursor cursor, ReadOnlySpan<byte> suffix);

    /// <summary>The state after the end of a word that is not listed, or of another that means the same.</summary>
    /// <param name="suffix">The word's bytes from this state on; not looked at when <see cref="IsUniform"/>.</param>
    public abstract RecognizerState? EndOfUnlisted(ReadOnlySpan<byte> suffix);

    /// <summary>The bytes that are missing from each listed word that may still be meant, allowed or not.</summary>
    public abstract IEnumerable<ReadOnlyMemory<byte>> ListedSuffixes();
}

/// <summary>A place in a word.</summary>
/// <param name="Unlisted">Where a word that is not listed goes on, its terminator included; <see langword="null"/> when none does.</param>
/// <param name="Low">The first listed word that begins like this.</param>
/// <param name="High">The first one after those.</param>
/// <param name="Depth">Bytes of the word.</param>
/// <param name="IsEscaped">Whether the next byte is escaped.</param>
internal readonly record struct WordCursor(LexemeState? Unlisted, int Low, int High, int Depth, bool IsEscaped = false);
