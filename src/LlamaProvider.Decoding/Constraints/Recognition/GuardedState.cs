using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>
/// A state inside a word whose meaning depends on all of it: an object's member name, which is one of those that the schema mentions, or another one; or an item that may not be
/// there twice. Inside the word a cursor is enough; what follows is known where the word ends.
/// </summary>
internal abstract class GuardedState() : RecognizerState(isAccepting: false)
{
    /// <summary>Where in the word the state is.</summary>
    public abstract WordCursor Cursor { get; }

    /// <summary>Whether all words that are not listed mean the same, so that one can stand for all.</summary>
    public abstract bool IsUniform { get; }

    /// <summary>Whether words that are not listed, if there are any, mean the same class by class, so that one can stand for each of <see cref="UnlistedClasses"/>.</summary>
    public bool IsClassified => Cursor is { Companion: null } cursor && (cursor.Unlisted is null || cursor.Classes is not null || IsUniform);

    /// <summary>Bytes behind a word from which on it matters which one it was, where <see cref="EndOfUnlisted"/> lets one stand for all.</summary>
    public virtual ByteSet Telling => default;

    /// <summary>Whether a byte at the cursor ends the word: it is the word's terminator, or belongs to what follows.</summary>
    public abstract bool IsEnd(WordCursor cursor, byte value);

    /// <summary>The cursor after a byte that does not end the word; <see langword="false"/> when no word goes on so.</summary>
    public abstract bool TryMove(ref WordCursor cursor, byte value);

    /// <summary>The state after the byte that ends the word; <see langword="null"/> when there is no such word here.</summary>
    /// <param name="cursor">The cursor before that byte.</param>
    /// <param name="suffix">The word's bytes from this state on.</param>
    /// <param name="value">The byte.</param>
    public abstract RecognizerState? End(WordCursor cursor, ReadOnlySpan<byte> suffix, byte value);

    /// <summary>The state behind the text of a word that is not listed, or of another that means the same.</summary>
    /// <param name="path">The bytes from this state to where <see cref="WordCursor.Unlisted"/> accepts; not looked at when <see cref="IsUniform"/>.</param>
    public abstract RecognizerState? EndOfUnlisted(ReadOnlySpan<byte> path);

    /// <summary>The state behind the text of a word that is not listed, or of another of its class, where those are told apart (<see cref="IsClassified"/>).</summary>
    /// <param name="classes">Where the automata of the classes are behind the word; <see langword="null"/> where all words mean the same.</param>
    public virtual RecognizerState? EndOfClass(LexemeTuple? classes) => null;

    /// <summary>The state behind the text of just this word, listed or not; <see langword="null"/> when it is not allowed here.</summary>
    /// <param name="path">The bytes from this state to where <see cref="WordCursor.Unlisted"/> accepts, or would if the word were not listed.</param>
    public abstract RecognizerState? EndOf(ReadOnlySpan<byte> path);

    /// <summary>The same, made once for all beginnings of the word where that is worth it: for who compares all words from each beginning.</summary>
    public virtual RecognizerState? KeptEndOf(ReadOnlySpan<byte> path) => EndOf(path);

    /// <summary>The languages of what is missing from words that are not listed, their terminator included, each with the state behind any of its words.</summary>
    /// <param name="cursor">Where in the word; its beginning, unless the words' classes say what they mean.</param>
    public virtual IEnumerable<(LexemeState Words, RecognizerState Next)> UnlistedClasses(WordCursor cursor)
    {
        if (cursor.Unlisted is { } unlisted && EndOfUnlisted([]) is { } next)
        {
            yield return (unlisted, next);
        }
    }

    /// <summary>Words that have to come behind this one and may not be equal to it, language by language; none when none has to.</summary>
    public abstract IEnumerable<LaterWords> LaterWords();

    /// <summary>Listed words that may still be meant, allowed or not.</summary>
    public abstract int ListedCount { get; }

    /// <summary>The bytes that are missing from one of them, up to where <see cref="WordCursor.Unlisted"/> would accept.</summary>
    public abstract ReadOnlySpan<byte> ListedPath(int index);

    /// <summary>The bytes of a listed word that has to come sooner or later, and may as well come now; <see langword="null"/> when there is none or it is not known.</summary>
    public virtual byte[]? NeededPath => null;

    /// <summary>A state at a cursor in this word, or in another one that means the same; <see langword="null"/> when it is not known.</summary>
    public virtual RecognizerState? At(WordCursor cursor) => null;
}

/// <summary>A place in a word.</summary>
/// <param name="Unlisted">Where a word that is not listed goes on, its terminator included; <see langword="null"/> when none does.</param>
/// <param name="Low">The first listed word that begins like this.</param>
/// <param name="High">The first one after those.</param>
/// <param name="Depth">Bytes of the word.</param>
/// <param name="IsEscaped">Whether the next byte is escaped.</param>
/// <param name="Companion">Where an automaton is that reads the word too; <see langword="null"/> when there is none.</param>
/// <param name="UsedLow">The first of the words that were used before and begin like this, beside the listed ones.</param>
/// <param name="UsedHigh">The first one after those.</param>
/// <param name="Classes">Where the automata of the unlisted words' classes are; <see langword="null"/> where all mean the same.</param>
internal readonly record struct WordCursor(
    LexemeState? Unlisted, int Low, int High, int Depth, bool IsEscaped = false, LexemeState? Companion = null, int UsedLow = 0, int UsedHigh = 0, LexemeTuple? Classes = null);

/// <summary>Words behind a word.</summary>
/// <param name="Language">What they may be, their terminator included.</param>
/// <param name="Taken">What they may not be, beside the word itself.</param>
/// <param name="Needed">How many have to come at most, 1 or more.</param>
internal readonly record struct LaterWords(LexemeState Language, IReadOnlyCollection<byte[]> Taken, int Needed);
