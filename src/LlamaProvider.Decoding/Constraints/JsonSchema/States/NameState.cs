using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.States;

/// <summary>Inside the name of an object's member.</summary>
internal sealed class NameState : GuardedState
{
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

    public override WordCursor Cursor { get; }

    public override RecognizerState Representative => Cursor is { Unlisted: { } unlisted } && Cursor.Low >= Cursor.High ? _place.Representative.Inside(unlisted) : this;

    public override bool IsUniform => _frame.Classes.Length == 1;

    public static NameState Start(ObjectFrame frame, ObjectPlace place) =>
        new(frame, place, [], new WordCursor(place.AllowsOthers ? frame.Others : null, 0, frame.Words.Count, 0));

    /// <summary>Inside some name that is not mentioned.</summary>
    public static NameState Unlisted(ObjectFrame frame, ObjectPlace place, Automata.LexemeState unlisted) =>
        new(frame, place, ObjectProgress.NoName, new WordCursor(unlisted, 0, 0, 0));

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
            _known = [.. _known, (value, next)];
        }

        return next;
    }

    public override bool TryMove(ref WordCursor cursor, byte value)
    {
        (int low, int high) = cursor.Low < cursor.High ? _frame.Words.Narrow(cursor.Low, cursor.High, cursor.Depth, value) : (0, 0);
        Automata.LexemeState? unlisted = cursor.Unlisted?.Step(value);
        cursor = new WordCursor(unlisted, low, high, cursor.Depth + 1, Escapes(cursor, value));
        return unlisted is not null || _place.Allowed.HasAny(low, high);
    }

    public override RecognizerState? End(WordCursor cursor, ReadOnlySpan<byte> suffix)
    {
        if (cursor.Low < cursor.High && _frame.Words[cursor.Low].Length == cursor.Depth)
        {
            return _place.AfterName(cursor.Low);
        }

        return cursor.Unlisted?.Step(Terminator) is null ? null : _place.AfterOther([.. _prefix, .. suffix]);
    }

    public override RecognizerState? EndOfUnlisted(ReadOnlySpan<byte> suffix) => Cursor.Unlisted is null ? null : _place.AfterUnnamed(_frame.ClassOf(_prefix, suffix));

    public override IEnumerable<ReadOnlyMemory<byte>> ListedSuffixes()
    {
        for (int i = Cursor.Low; i < Cursor.High; i++)
        {
            yield return _frame.Words[i].AsMemory(_prefix.Length);
        }

        foreach (byte[] other in _place.Progress.Others.ToArray())
        {
            if (other.AsSpan().StartsWith(_prefix))
            {
                yield return other.AsMemory(_prefix.Length);
            }
        }
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
