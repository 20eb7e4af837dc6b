using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.States;

/// <summary>Inside the name of an object's member.</summary>
internal sealed class NameState : GuardedState
{
    /// <summary>Ends a name, unless it is escaped.</summary>
    public const byte Terminator = (byte)'"';

    private const byte Escape = (byte)'\\';

    private static readonly ByteSet NextNameOrEnd = ByteSet.Of((byte)',') | ByteSet.Of((byte)'}');

    private readonly ObjectFrame _frame;
    private readonly ObjectPlace _place;
    private readonly byte[] _prefix;
    private (byte Value, RecognizerState? Next)[] _known = [];

    private NameState(ObjectFrame frame, ObjectPlace place, byte[] prefix, WordCursor cursor)
    {
        _frame = frame;
        _place = place;
        _prefix = prefix;
        Cursor = cursor;
    }

    public ObjectPlace Place => _place;

    public override WordCursor Cursor { get; }

    public override RecognizerState Representative => IsLikeAnyOther(Cursor) ? _place.Representative.Inside(Cursor.Unlisted!, Cursor.Classes) : this;

    public override ConstraintWork? Work => _frame.Grammar.Work;

    public override bool IsUniform => _frame.Classes.Length == 1;

    /// <summary>Up to the next name or the object's end, all names are alike.</summary>
    public override ByteSet Telling => NextNameOrEnd;

    public static NameState Start(ObjectFrame frame, ObjectPlace place) =>
        new(frame, place, [], place.AllowsOthers ? NameCursors.Start(frame, place.Progress) : NameCursors.Start(frame, place.Progress) with { Unlisted = null });

    /// <summary>Inside some name that is not mentioned.</summary>
    public static NameState Unlisted(ObjectFrame frame, ObjectPlace place, LexemeState unlisted, LexemeTuple? classes) =>
        new(frame, place, ObjectProgress.NoName, new WordCursor(unlisted, 0, 0, 0, Classes: classes));

    public override RecognizerState? Step(byte value)
    {
        foreach ((byte known, RecognizerState? state) in _known)
        {
            if (known == value)
            {
                return state;
            }
        }

        RecognizerState? next = Compute(value);
        if (next is not null)
        {
            _frame.Grammar.Work?.Grow();
            _known = [.. _known, (value, next)];
        }

        return next;
    }

    public override bool IsEnd(WordCursor cursor, byte value) => value == Terminator && !cursor.IsEscaped;

    public override bool TryMove(ref WordCursor cursor, byte value)
    {
        cursor = NameCursors.Move(cursor, value, _frame, _place.Progress) with { IsEscaped = value == Escape && !cursor.IsEscaped };
        if (!NameCursors.IsOpen(cursor, _frame, _place.Progress))
        {
            cursor = cursor with { Unlisted = null };
        }

        return cursor.Unlisted is not null || _place.Allowed.HasAny(cursor.Low, cursor.High);
    }

    public override RecognizerState? End(WordCursor cursor, ReadOnlySpan<byte> suffix, byte value) => End(cursor, suffix);

    public override RecognizerState? EndOfUnlisted(ReadOnlySpan<byte> path) =>
        Cursor.Unlisted is null ? null : _place.AfterUnnamed(Cursor.Classes?.Step(path).Accepting ?? 0);

    public override IEnumerable<(LexemeState Words, RecognizerState Next)> UnlistedClasses(WordCursor cursor)
    {
        for (int i = 0; i < (cursor.Unlisted is null ? 0 : _frame.Classes.Length); i++)
        {
            if ((cursor.Classes is null ? cursor.Unlisted : cursor.Classes.States[i]) is { } words && _place.AfterUnnamed(i) is { } next)
            {
                yield return (words, next);
            }
        }
    }

    public override IEnumerable<LaterWords> LaterWords()
    {
        int needed = _frame.MostNeeded(_place.Progress) - 1;
        if (needed <= 0)
        {
            yield break;
        }

        byte[][] taken = [.. _frame.EndedWords, .. _place.Progress.Others.ToArray().Select(static name => (byte[])[.. name, Terminator])];
        for (int i = 0; i < _frame.Classes.Length; i++)
        {
            if ((_frame.OthersByClass is { } classes ? classes.States[i] : _frame.Others) is { } language)
            {
                yield return new LaterWords(language, taken, needed);
            }
        }
    }

    public override IEnumerable<ReadOnlyMemory<byte>> ListedPaths()
    {
        for (int i = Cursor.Low; i < Cursor.High; i++)
        {
            yield return PathTo(_frame.Words[i]);
        }

        for (int i = Cursor.UsedLow; i < Cursor.UsedHigh; i++)
        {
            yield return PathTo(_place.Progress.Others[i]);
        }
    }

    public override byte[]? NeededPath => _prefix.Length == 0 && _frame.NextNeeded(_place.Progress) is >= 0 and var index ? PathTo(_frame.Words[index]) : null;

    public override RecognizerState? EndOf(ReadOnlySpan<byte> path)
    {
        WordCursor cursor = Cursor;
        foreach (byte value in path[..^1])
        {
            TryMove(ref cursor, value);
        }

        return End(cursor, path[..^1]);
    }

    public override RecognizerState? At(WordCursor cursor)
    {
        if (IsLikeAnyOther(cursor))
        {
            return _place.Representative.Inside(cursor.Unlisted!, cursor.Classes);
        }

        if (cursor.Low >= cursor.High && cursor.UsedLow >= cursor.UsedHigh)
        {
            return null;
        }

        byte[] word = cursor.Low < cursor.High ? _frame.Words[cursor.Low] : _place.Progress.Others[cursor.UsedLow];
        RecognizerState? state = this;
        foreach (byte value in word.AsSpan(Cursor.Depth, cursor.Depth - Cursor.Depth))
        {
            state = state?.Step(value);
        }

        return state;
    }

    // Behind some beginnings only few names are left, such as a in ^(a|b+)$; then it matters which were used.
    private static bool IsLikeAnyOther(WordCursor cursor) => cursor is { Unlisted: not null } && cursor.Low >= cursor.High && NameCursors.HasPlenty(cursor);

    private byte[] PathTo(byte[] word) => [.. word.AsSpan(_prefix.Length), Terminator];

    private RecognizerState? End(WordCursor cursor, ReadOnlySpan<byte> suffix)
    {
        if (cursor.Low < cursor.High && _frame.Words[cursor.Low].Length == cursor.Depth)
        {
            return _place.AfterName(cursor.Low);
        }

        return cursor.Unlisted?.Step(Terminator) is null ? null : _place.AfterOther(cursor.Classes?.Step(Terminator).Accepting ?? 0, [.. _prefix, .. suffix]);
    }

    private RecognizerState? Compute(byte value)
    {
        WordCursor cursor = Cursor;
        if (IsEnd(cursor, value))
        {
            return End(cursor, []);
        }

        return TryMove(ref cursor, value) ? new NameState(_frame, _place, [.. _prefix, value], cursor) : null;
    }
}
