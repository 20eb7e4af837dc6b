using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Plans;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.States;

/// <summary>Moves cursors through names, and tells whether a name is left that is neither mentioned nor used.</summary>
/// <remarks>
/// From every state of the automaton some name leads on. It is a new one as soon as no name that is mentioned or used begins alike, so only the beginnings of those are looked at; and
/// none at all where more bytes may come next than there are such names.
/// </remarks>
internal static class NameCursors
{
    public static WordCursor Start(ObjectFrame frame, ObjectProgress progress) =>
        new(frame.Others, 0, frame.Words.Count, 0, UsedLow: 0, UsedHigh: progress.Others.Length, Classes: frame.OthersByClass);

    /// <summary>The cursor after a byte of the name.</summary>
    public static WordCursor Move(WordCursor cursor, byte value, ObjectFrame frame, ObjectProgress progress)
    {
        (int low, int high) = cursor.Low < cursor.High ? frame.Words.Narrow(cursor.Low, cursor.High, cursor.Depth, value) : (0, 0);
        (int usedLow, int usedHigh) = cursor.UsedLow < cursor.UsedHigh ? WordList.Narrow(progress.Others, cursor.UsedLow, cursor.UsedHigh, cursor.Depth, value) : (0, 0);
        return new WordCursor(cursor.Unlisted?.Step(value), low, high, cursor.Depth + 1, UsedLow: usedLow, UsedHigh: usedHigh, Classes: cursor.Classes?.Step(value));
    }

    /// <summary>Whether more names go on from here than are mentioned or used.</summary>
    public static bool HasPlenty(WordCursor cursor) => Taken(cursor) is var taken && (taken == 0 || cursor.Unlisted!.Branches > taken);

    /// <summary>Whether a name that is neither mentioned nor used goes on from here.</summary>
    public static bool IsOpen(WordCursor start, ObjectFrame frame, ObjectProgress progress)
    {
        if (start.Unlisted is null || HasPlenty(start))
        {
            return start.Unlisted is not null;
        }

        var open = new Stack<WordCursor>([start]);
        while (open.TryPop(out WordCursor cursor))
        {
            if (Taken(cursor) == 0)
            {
                return true;
            }

            for (int value = 0; value < 256; value++)
            {
                if (cursor.Unlisted!.Step((byte)value) is not { } next)
                {
                    continue;
                }

                // Accepting is what comes behind the quotation mark that ends the name.
                if (!next.IsAccepting)
                {
                    open.Push(Move(cursor, (byte)value, frame, progress));
                }
                else if (!IsTaken(cursor, frame, progress))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static int Taken(WordCursor cursor) => cursor.High - cursor.Low + cursor.UsedHigh - cursor.UsedLow;

    private static bool IsTaken(WordCursor cursor, ObjectFrame frame, ObjectProgress progress) =>
        (cursor.Low < cursor.High && frame.Words[cursor.Low].Length == cursor.Depth)
        || (cursor.UsedLow < cursor.UsedHigh && progress.Others[cursor.UsedLow].Length == cursor.Depth);
}
