using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.States;

/// <summary>Inside the name of an object's member.</summary>
internal sealed class NameState : SpelledState
{
    /// <summary>Ends a name, unless it is escaped.</summary>
    public const byte Terminator = (byte)'"';

    private const byte Escape = (byte)'\\';

    private static readonly ByteSet NextNameOrEnd = ByteSet.Of((byte)',') | ByteSet.Of((byte)'}');

    private readonly ObjectPlace _place;
    private readonly NameState? _sibling;
    private NameState? _child;
    private RecognizerState? _end;

    private NameState(ObjectPlace place, WordCursor cursor, NameState? before = null, SpelledPiece last = default)
        : base(before, last)
    {
        _place = place;
        _sibling = before?._child;
        Cursor = cursor;
    }

    public ObjectPlace Place => _place;

    public override WordCursor Cursor { get; }

    public override RecognizerState Representative => IsLikeAnyOther(Cursor) ? _place.Representative.Inside(Cursor.Unlisted!, Cursor.Classes) : this;

    public override ConstraintWork? Work => Frame.Grammar.Work;

    private ObjectFrame Frame => _place.Frame;

    public override bool IsUniform => Frame.Classes.Length == 1;

    /// <summary>Up to the next name or the object's end, all names are alike.</summary>
    public override ByteSet Telling => NextNameOrEnd;

    public static NameState Start(ObjectPlace place)
    {
        WordCursor cursor = NameCursors.Start(place.Frame, place.Progress);
        return new NameState(place, place.AllowsOthers ? cursor : cursor with { Unlisted = null });
    }

    /// <summary>Inside some name that is not mentioned.</summary>
    public static NameState Unlisted(ObjectPlace place, LexemeState unlisted, LexemeTuple? classes) =>
        new(place, new WordCursor(unlisted, 0, 0, ObjectProgress.NoName.Length, Classes: classes));

    public override RecognizerState? Step(byte value)
    {
        WordCursor cursor = Cursor;
        if (IsEnd(cursor, value))
        {
            return _end ??= Grown(End(cursor, []));
        }

        var last = new SpelledPiece([value]);
        return ChildFor(last) ?? (TryMove(ref cursor, value) ? AddChild(cursor, last) : null);
    }

    // Every token in a text's names has a state, so what one takes matters: bytes within tokens have none, the next states are a list through themselves, and a name is spelled by going back.
    public override RecognizerState? Step(ReadOnlySpan<byte> text, out int taken)
    {
        if (ChildFor(new SpelledPiece(text)) is { } known)
        {
            taken = known.Last.Length;
            return known;
        }

        taken = 0;
        WordCursor cursor = Cursor;
        while (taken < Math.Min(text.Length, SpelledPiece.MaxLength) && !IsEnd(cursor, text[taken]))
        {
            if (!TryMove(ref cursor, text[taken++]))
            {
                return null;
            }
        }

        return taken == 0 ? base.Step(text, out taken) : AddChild(cursor, new SpelledPiece(text[..taken]));
    }

    public override bool IsEnd(WordCursor cursor, byte value) => value == Terminator && !cursor.IsEscaped;

    public override bool TryMove(ref WordCursor cursor, byte value)
    {
        cursor = NameCursors.Move(cursor, value, Frame, _place.Progress) with { IsEscaped = value == Escape && !cursor.IsEscaped };
        if (!NameCursors.IsOpen(cursor, Frame, _place.Progress))
        {
            cursor = cursor with { Unlisted = null };
        }

        return cursor.Unlisted is not null || _place.Allowed.HasAny(cursor.Low, cursor.High);
    }

    public override RecognizerState? End(WordCursor cursor, ReadOnlySpan<byte> suffix, byte value) => End(cursor, suffix);

    public override RecognizerState? EndOfUnlisted(ReadOnlySpan<byte> path) =>
        Cursor.Unlisted is null ? null : EndOfClass(Cursor.Classes?.Step(path));

    public override RecognizerState? EndOfClass(LexemeTuple? classes) => _place.AfterUnnamed(classes?.Accepting ?? 0);

    public override IEnumerable<(LexemeState Words, RecognizerState Next)> UnlistedClasses(WordCursor cursor)
    {
        for (int i = 0; i < (cursor.Unlisted is null ? 0 : Frame.Classes.Length); i++)
        {
            if ((cursor.Classes is null ? cursor.Unlisted : cursor.Classes.States[i]) is { } words && _place.AfterUnnamed(i) is { } next)
            {
                yield return (words, next);
            }
        }
    }

    public override IEnumerable<LaterWords> LaterWords()
    {
        int needed = Frame.MostNeeded(_place.Progress) - 1;
        if (needed <= 0)
        {
            yield break;
        }

        byte[][] taken = [.. Frame.EndedWords, .. _place.Progress.Others.ToArray().Select(static name => (byte[])[.. name, Terminator])];
        for (int i = 0; i < Frame.Classes.Length; i++)
        {
            if ((Frame.OthersByClass is { } classes ? classes.States[i] : Frame.Others) is { } language)
            {
                yield return new LaterWords(language, taken, needed);
            }
        }
    }

    public override int ListedCount => Cursor.High - Cursor.Low + Cursor.UsedHigh - Cursor.UsedLow;

    public override ReadOnlySpan<byte> ListedPath(int index)
    {
        int mentioned = Cursor.High - Cursor.Low;
        return index < mentioned
            ? Frame.EndedWords[Cursor.Low + index].AsSpan(Cursor.Depth)
            : (byte[])[.. _place.Progress.Others[Cursor.UsedLow + index - mentioned].AsSpan(Cursor.Depth), Terminator];
    }

    public override byte[]? NeededPath => Cursor.Depth == 0 && Frame.NextNeeded(_place.Progress) is >= 0 and var index ? Frame.EndedWords[index] : null;

    public override RecognizerState? EndOf(ReadOnlySpan<byte> path) => End(CursorAfter(path[..^1]), path[..^1]);

    public override RecognizerState? KeptEndOf(ReadOnlySpan<byte> path) =>
        CursorAfter(path[..^1]) is var cursor && IsMentioned(cursor) ? _place.AfterNameKept(cursor.Low) : End(cursor, path[..^1]);

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

        byte[] word = cursor.Low < cursor.High ? Frame.Words[cursor.Low] : _place.Progress.Others[cursor.UsedLow];
        RecognizerState? state = this;
        foreach (byte value in word.AsSpan(Cursor.Depth, cursor.Depth - Cursor.Depth))
        {
            state = state?.Step(value);
        }

        return state;
    }

    // Behind some beginnings only few names are left, such as a in ^(a|b+)$; then it matters which were used.
    private static bool IsLikeAnyOther(WordCursor cursor) => cursor is { Unlisted: not null } && cursor.Low >= cursor.High && NameCursors.HasPlenty(cursor);

    private WordCursor CursorAfter(ReadOnlySpan<byte> path)
    {
        WordCursor cursor = Cursor;
        foreach (byte value in path)
        {
            TryMove(ref cursor, value);
        }

        return cursor;
    }

    private bool IsMentioned(WordCursor cursor) => cursor.Low < cursor.High && Frame.Words[cursor.Low].Length == cursor.Depth;

    /// <param name="cursor">Before the quotation mark.</param>
    /// <param name="suffix">The name's bytes from here on.</param>
    private RecognizerState? End(WordCursor cursor, ReadOnlySpan<byte> suffix)
    {
        if (IsMentioned(cursor))
        {
            return _place.AfterName(cursor.Low);
        }

        return cursor.Unlisted?.Step(Terminator) is null ? null : _place.AfterOther(cursor.Classes?.Step(Terminator).Accepting ?? 0, Spell(suffix));
    }

    /// <summary>The state after a beginning of these bytes, as long a one as there is a state for.</summary>
    private NameState? ChildFor(SpelledPiece beginning)
    {
        NameState? longest = null;
        for (NameState? child = _child; child is not null; child = child._sibling)
        {
            longest = child.Last.IsBeginningOf(beginning) && child.Last.Length > (longest?.Last.Length ?? 0) ? child : longest;
        }

        return longest;
    }

    private NameState? AddChild(WordCursor cursor, SpelledPiece last) => _child = Grown(new NameState(_place, cursor, this, last));

    private T? Grown<T>(T? next)
        where T : RecognizerState
    {
        if (next is not null)
        {
            Work?.Grow();
        }

        return next;
    }

    private byte[] Spell(ReadOnlySpan<byte> suffix)
    {
        byte[] name = Spell(suffix, out SpelledState first);
        ObjectProgress.NoName.AsSpan(0, first.Cursor.Depth).CopyTo(name);
        return name;
    }
}
