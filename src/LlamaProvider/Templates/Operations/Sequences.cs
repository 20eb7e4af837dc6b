using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>Iteration at the budget's expense.</summary>
internal static class Sequences
{
    public static IEnumerable<Value> Enumerate(Value value, Budget budget) =>
        Charged(value.Elements ?? throw Fault.NotIterable(value), budget);

    public static Value[] ToArray(Value value, Budget budget)
    {
        var items = Enumerate(value, budget).ToArray();
        budget.ChargeElements(items.Length);
        return items;
    }

    /// <summary>
    /// Sorts stably. A merge sort of its own, since the library's sort wraps an exception of the comparison, and the number of comparisons
    /// has to be paid for.
    /// </summary>
    public static void Sort<T>(T[] items, Func<T, Value> key, bool descending, Budget budget)
    {
        var keyed = Array.ConvertAll(items, item => (Key: key(item), Item: item));
        var merged = new (Value Key, T Item)[keyed.Length];
        for (long width = 1; width < keyed.Length; width *= 2)
        {
            for (long start = 0; start < keyed.Length; start += 2 * width)
            {
                var middle = (int)Math.Min(start + width, keyed.Length);
                Merge(keyed, merged, (int)start, middle, (int)Math.Min(start + (2 * width), keyed.Length), descending, budget);
            }

            (keyed, merged) = (merged, keyed);
        }

        for (var i = 0; i < items.Length; i++)
        {
            items[i] = keyed[i].Item;
        }
    }

    private static void Merge<T>(
        (Value Key, T Item)[] source, (Value Key, T Item)[] target, int left, int middle, int end, bool descending, Budget budget)
    {
        var (i, j) = (left, middle);
        for (var next = left; next < end; next++)
        {
            var takesRight = i == middle || (j < end && (descending
                ? Comparison.IsLess(source[i].Key, source[j].Key, budget)
                : Comparison.IsLess(source[j].Key, source[i].Key, budget)));
            target[next] = takesRight ? source[j++] : source[i++];
        }
    }

    private static IEnumerable<Value> Charged(IEnumerable<Value> elements, Budget budget)
    {
        foreach (var element in elements)
        {
            budget.ChargeSteps(1);
            yield return element;
        }
    }
}
