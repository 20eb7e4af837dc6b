using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Intersections;

/// <summary>Inside an object's name, with an automaton that reads it too: a cursor that has the automaton's state beside it stands for the states, which are as many as names.</summary>
/// <remarks>
/// A cursor is live when the state that stands for it is (<see cref="GuardedState.At"/>). Where neither the word's language nor the automaton moves, as inside most words, it was asked
/// before.
/// </remarks>
internal sealed class IntersectionWord(IntersectionGrammar grammar, GuardedState word, LexemeState automaton, LexemeState? end) : GuardedState, IIntersected
{
    public RecognizerState State => word;

    public LexemeState Automaton => automaton;

    public LexemeState? AutomatonAtEnd => end;

    public override WordCursor Cursor { get; } = word.Cursor with { Companion = automaton };

    public override ConstraintWork? Work => word.Work;

    /// <summary>The automaton tells words apart.</summary>
    public override bool IsUniform => false;

    public override ByteSet Telling => word.Telling;

    public override RecognizerState Representative => ReferenceEquals(word.Representative, word) ? this : grammar.StateOf(word.Representative, automaton, end)!;

    public override JointPlace? Joint => Cursor.Unlisted is { } unlisted ? new JointPlace(unlisted, Cursor.Classes, automaton) : null;

    public override RecognizerState? Step(byte value) =>
        automaton.Step(value) is { } next && word.Step(value) is { } after ? grammar.StateOf(after, next, end) : null;

    public override ByteSet BytesToTry
    {
        get
        {
            ByteSet listed = default;
            for (int i = 0; i < word.ListedCount; i++)
            {
                listed |= ByteSet.Of(word.ListedPath(i)[0]);
            }

            return Joint?.DistinctBytes(listed) ?? listed;
        }
    }

    public override bool IsEnd(WordCursor cursor, byte value) => word.IsEnd(cursor, value);

    public override bool TryMove(ref WordCursor cursor, byte value)
    {
        WordCursor before = cursor;
        if (before.Companion!.Step(value) is not { } next || !word.TryMove(ref cursor, value))
        {
            return false;
        }

        cursor = cursor with { Companion = next };
        return (before.Low >= before.High && ReferenceEquals(before.Unlisted, cursor.Unlisted) && ReferenceEquals(before.Classes, cursor.Classes) && ReferenceEquals(before.Companion, next)) || IsLive(cursor);
    }

    /// <summary>Behind a word that is not listed, behind one that means the same, up to what <see cref="Telling"/> says.</summary>
    public override RecognizerState? End(WordCursor cursor, ReadOnlySpan<byte> suffix, byte value)
    {
        if (cursor.Companion!.Step(value) is not { } next)
        {
            return null;
        }

        RecognizerState? after = cursor.Low < cursor.High || IsListed(suffix, value) ? word.End(cursor, suffix, value)
            : cursor.Unlisted?.Step(value) is null ? null : word.EndOfClass(cursor.Classes?.Step(value));
        return after is null ? null : grammar.StateOf(after, next, end);
    }

    /// <summary>Which is not known without the word: <see cref="End"/> tells.</summary>
    public override RecognizerState? EndOfUnlisted(ReadOnlySpan<byte> path) => EndOf(path);

    public override IEnumerable<LaterWords> LaterWords() => word.LaterWords();

    public override int ListedCount => word.ListedCount;

    public override ReadOnlySpan<byte> ListedPath(int index) => word.ListedPath(index);

    public override RecognizerState? EndOf(ReadOnlySpan<byte> path)
    {
        RecognizerState? state = this;
        foreach (byte value in path)
        {
            state = state?.Step(value);
        }

        return state;
    }

    public override RecognizerState? At(WordCursor cursor) => word.At(cursor) is { } state ? grammar.StateOf(state, cursor.Companion!, end) : null;

    /// <summary>In a word that is not listed, or behind it; behind one that means the same, as <see cref="End"/>.</summary>
    public override RecognizerState? At(JointPlace place) =>
        !place.Language.IsAccepting ? At(new WordCursor(place.Language, 0, 0, 0, Companion: place.Companion, Classes: place.Classes))
        : word.EndOfClass(place.Classes) is { } after ? grammar.StateOf(after, place.Companion, end)
        : null;

    /// <summary>Whether one of the words that begin like this leads on, listed or not.</summary>
    private bool IsLive(WordCursor cursor) =>
        (cursor.Unlisted is not null && At(cursor with { Low = 0, High = 0, UsedLow = 0, UsedHigh = 0 }) is not null) || HasLiveListed(cursor);

    private bool HasLiveListed(WordCursor cursor)
    {
        WordCursor start = word.Cursor;
        for (int i = cursor.Low; i < cursor.High; i++)
        {
            ReadOnlySpan<byte> path = word.ListedPath(i - start.Low);
            if (cursor.Companion?.Step(path[(cursor.Depth - start.Depth)..]) is { } last
                && word.EndOf(path) is { } after && grammar.StateOf(after, last, end) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsListed(ReadOnlySpan<byte> suffix, byte value)
    {
        for (int i = 0; i < word.ListedCount; i++)
        {
            ReadOnlySpan<byte> path = word.ListedPath(i);
            if (path.Length == suffix.Length + 1 && path[^1] == value && path[..^1].SequenceEqual(suffix))
            {
                return true;
            }
        }

        return false;
    }
}
