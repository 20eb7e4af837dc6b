using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>Python's indices and slices over strings, lists, tuples and ranges.</summary>
internal static class Slices
{
    /// <summary>The position that an index means, counted from the end if it is negative; null outside.</summary>
    public static int? Resolve(long index, int length)
    {
        var position = index < 0 ? index + length : index;
        return position >= 0 && position < length ? (int)position : null;
    }

    /// <summary>The position that a slice's bound means, cut to the sequence.</summary>
    public static int Clamp(long bound, int length) => (int)Math.Clamp(bound < 0 ? bound + length : bound, 0, length);

    public static Value Of(Value value, Value? start, Value? stop, Value? step, Budget budget)
    {
        if (value is UndefinedValue undefined)
        {
            throw Fault.Undefined(undefined);
        }

        if (value is not (TextValue or ListValue or RangeValue))
        {
            throw Fault.Type($"'{value.TypeName}' object cannot be sliced", "Slice a string or a list; turn a generator into a list with '| list'.");
        }

        var (first, count, stride) = Plan(value.Length!.Value, Bound(start), Bound(stop), Bound(step) ?? 1);
        Charge(value, count, budget);
        return value switch
        {
            TextValue text => stride == 1 ? Part(text, first, count) : Stepped(text, first, count, stride, budget),
            ListValue list => list.With([.. Positions(first, count, stride).Select(position => list.Items[position])]),
            RangeValue range => new ListValue([.. Positions(first, count, stride).Select(range.At)]),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>A run of code points.</summary>
    public static TextValue Part(TextValue text, int first, int count)
    {
        var start = CodePoints.ToUtf16(text.Characters, first);
        return text.Slice(start, CodePoints.ToUtf16(text.Characters.AsSpan(start), count));
    }

    private static void Charge(Value value, int count, Budget budget)
    {
        if (value is TextValue text)
        {
            budget.ChargeCharacters(text.Characters.Length);
        }
        else
        {
            budget.ChargeElements(count);
        }
    }

    private static TextValue Stepped(TextValue text, int first, int count, long stride, Budget budget)
    {
        var starts = new int[text.Length!.Value + 1];
        for (var i = 1; i < starts.Length; i++)
        {
            starts[i] = starts[i - 1] + CodePoints.Width(text.Characters, starts[i - 1]);
        }

        var output = new TextBuilder(budget);
        foreach (var position in Positions(first, count, stride))
        {
            output.AppendSlice(text, starts[position], starts[position + 1] - starts[position]);
        }

        return output.ToText().AsMarkup(text.IsMarkup);
    }

    private static IEnumerable<int> Positions(int first, int count, long stride) =>
        Enumerable.Range(0, count).Select(i => (int)(first + (i * stride)));

    private static (int First, int Count, long Stride) Plan(int length, long? start, long? stop, long stride)
    {
        if (stride == 0)
        {
            throw Fault.Type("slice step cannot be zero", "Use 1 or -1.");
        }

        // Going backwards, the bounds are "the last element" and "before the first one".
        var (low, high) = stride > 0 ? (0, length) : (-1, length - 1);
        var first = start is { } from ? Math.Clamp(from < 0 ? from + length : from, low, high) : stride > 0 ? low : high;
        var end = stop is { } to ? Math.Clamp(to < 0 ? to + length : to, low, high) : stride > 0 ? high : low;
        var distance = stride > 0 ? end - first : first - end;
        var count = distance <= 0 ? 0 : ((distance - 1) / Math.Abs(stride)) + 1;
        return ((int)first, (int)count, stride);
    }

    private static long? Bound(Value? value) => value switch
    {
        null or NoneValue => null,
        UndefinedValue undefined => throw Fault.Undefined(undefined),
        _ => Numbers.AsIndex(value) ?? throw Fault.Type(
            $"slice indices must be integers or none, not '{value.TypeName}'", "Convert the bound with '| int'."),
    };
}
