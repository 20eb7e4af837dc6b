using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.JsonSchema.States;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Uniqueness;

/// <summary>Inside an item that may not be equal to one before it. A scalar's text ends where the automaton of its place does not go on.</summary>
internal sealed class UniqueItemState : SpelledState
{
    private readonly Place _place;

    private UniqueItemState(Place place, WordCursor cursor, UniqueItemState? before = null, SpelledPiece last = default)
        : base(before, last)
    {
        _place = place;
        Cursor = cursor;
    }

    public ArrayFrame Frame => _place.Frame;

    public override WordCursor Cursor { get; }

    public override bool IsUniform => false;

    /// <summary>Before the next item; <see langword="null"/> when none may come.</summary>
    public static UniqueItemState? Start(ArrayFrame frame, UniqueItems items, ArrayProgress progress)
    {
        if (!items.HasRoom(progress.Count) || items.ItemAt(progress.Count) is not { } start)
        {
            return null;
        }

        WordList blocked = items.Blocked(progress.Count, progress.Used);
        var place = new Place(frame, items, progress, blocked);
        var cursor = new WordCursor(start, 0, blocked.Count, 0);
        return place.IsOpen(cursor) ? new UniqueItemState(place, cursor) : null;
    }

    public override RecognizerState? Step(byte value)
    {
        WordCursor cursor = Cursor;
        if (IsEnd(cursor, value))
        {
            return End(cursor, [], value);
        }

        return TryMove(ref cursor, value) ? new UniqueItemState(_place, cursor, this, new SpelledPiece([value])) : null;
    }

    public override bool IsEnd(WordCursor cursor, byte value) => cursor.Unlisted is { IsAccepting: true } item && item.Step(value) is null;

    public override bool TryMove(ref WordCursor cursor, byte value)
    {
        LexemeState? item = cursor.Unlisted?.Step(value);
        (int low, int high) = _place.Blocked.Narrow(cursor.Low, cursor.High, cursor.Depth, value);
        cursor = new WordCursor(item, low, high, cursor.Depth + 1);
        return item is not null && _place.IsOpen(cursor);
    }

    public override RecognizerState? End(WordCursor cursor, ReadOnlySpan<byte> suffix, byte value) => _place.IsBlocked(cursor) ? null : After(suffix).Step(value);

    public override RecognizerState? EndOfUnlisted(ReadOnlySpan<byte> path) => After(path);

    public override IEnumerable<LaterWords> LaterWords()
    {
        int needed = _place.Items.MostNeeded(_place.Progress.Count) - 1;
        byte[][] taken = [.. UsedValues.Of(_place.Progress.Used)];
        return needed <= 0 ? [] : _place.Items.Behind(_place.Progress.Count).Select(language => new LaterWords(language, taken, needed));
    }

    public override int ListedCount => Cursor.High - Cursor.Low;

    public override ReadOnlySpan<byte> ListedPath(int index) => _place.Blocked[Cursor.Low + index].AsSpan(Cursor.Depth);

    public override RecognizerState? EndOf(ReadOnlySpan<byte> path)
    {
        WordCursor cursor = Cursor;
        foreach (byte value in path)
        {
            TryMove(ref cursor, value);
        }

        return _place.IsBlocked(cursor) ? null : After(path);
    }

    private AfterItemState After(ReadOnlySpan<byte> suffix) => _place.Frame.At(_place.Progress.WithValue(Spell(suffix, out _))).AfterItem;

    /// <summary>What holds for an item from its beginning to its end.</summary>
    private sealed class Place(ArrayFrame frame, UniqueItems items, ArrayProgress progress, WordList blocked)
    {
        private readonly Dictionary<(int Low, int High, int Depth), bool> _isOpen = [];

        public ArrayFrame Frame => frame;

        public UniqueItems Items => items;

        public ArrayProgress Progress => progress;

        /// <summary>The texts that it may not have.</summary>
        public WordList Blocked => blocked;

        public bool IsBlocked(WordCursor cursor) => cursor.Low < cursor.High && blocked[cursor.Low].Length == cursor.Depth;

        /// <summary>Whether a text that is not blocked begins like this. From every state of the automaton some text leads on, so that is sure where no blocked text does.</summary>
        public bool IsOpen(WordCursor cursor)
        {
            if (cursor.Low >= cursor.High)
            {
                return true;
            }

            (int, int, int) key = (cursor.Low, cursor.High, cursor.Depth);
            if (!_isOpen.TryGetValue(key, out bool isOpen))
            {
                isOpen = FindOpen(cursor);
                _isOpen.Add(key, isOpen);
            }

            return isOpen;
        }

        // Only beginnings of blocked texts are looked at.
        private bool FindOpen(WordCursor start)
        {
            var open = new Stack<WordCursor>([start]);
            while (open.TryPop(out WordCursor cursor))
            {
                if (cursor.Unlisted!.IsAccepting && !IsBlocked(cursor))
                {
                    return true;
                }

                for (int value = 0; value < 256; value++)
                {
                    if (cursor.Unlisted.Step((byte)value) is not { } next)
                    {
                        continue;
                    }

                    (int low, int high) = blocked.Narrow(cursor.Low, cursor.High, cursor.Depth, (byte)value);
                    if (low == high)
                    {
                        return true;
                    }

                    open.Push(new WordCursor(next, low, high, cursor.Depth + 1));
                }
            }

            return false;
        }
    }
}
