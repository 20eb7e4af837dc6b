using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>The filters that return a generator: read lazily, and once.</summary>
internal static class GeneratorFilters
{
    public static readonly Builtin[] All =
    [
        new("items", call => new GeneratorValue(Items(call))),
        new("unique", ["case_sensitive?", "attribute?"], call => new GeneratorValue(Unique(call))),
        new("batch", ["linecount", "fill_with?"], call => new GeneratorValue(Batch(call))),
        new("slice", ["slices", "fill_with?"], call => new GeneratorValue(Slice(call))),
    ];

    private static IEnumerable<Value> Items(Call call) => call.Self switch
    {
        DictValue dict => DictMethods.Pairs(dict),
        UndefinedValue => [],
        _ => throw Fault.Type("Can only get item pairs from a mapping", "Test the value with 'is mapping' first."),
    };

    private static IEnumerable<Value> Unique(Call call)
    {
        var key = SequenceFilters.KeyOf(call, call[1], call.Flag(0));
        var seen = new DictValue();
        foreach (var item in Sequences.Enumerate(call.Self, call.Budget))
        {
            var itemKey = key(item);
            if (seen.Find(itemKey, call.Budget) is null)
            {
                seen.Set(itemKey, BoolValue.True, call.Budget);
                yield return item;
            }
        }
    }

    private static IEnumerable<Value> Batch(Call call)
    {
        var size = Math.Max(1, call.Integer(0));
        var batch = new List<Value>();
        foreach (var item in Sequences.Enumerate(call.Self, call.Budget))
        {
            if (batch.Count == size)
            {
                yield return new ListValue([.. batch]);
                batch.Clear();
            }

            batch.Add(item);
        }

        if (batch.Count > 0)
        {
            yield return new ListValue([.. batch, .. Fill(call, size - batch.Count)]);
        }
    }

    private static IEnumerable<Value> Slice(Call call)
    {
        var count = call.Integer(0);
        if (count < 1)
        {
            throw Fault.Type($"slice into {count} parts is impossible", "Give a number of 1 or more.");
        }

        var items = Sequences.ToArray(call.Self, call.Budget);
        var (size, extra) = Math.DivRem(items.Length, count);
        for (long i = 0, start = 0; i < count; i++)
        {
            call.Budget.ChargeElements(1);
            var length = size + (i < extra ? 1 : 0);
            var part = items.AsSpan((int)start, (int)length).ToArray();
            start += length;
            yield return new ListValue(i >= extra && call.IsGiven(1) ? [.. part, call[1]!] : part);
        }
    }

    private static IEnumerable<Value> Fill(Call call, long missing)
    {
        if (!call.IsGiven(1))
        {
            return [];
        }

        call.Budget.ChargeElements(missing);
        return Enumerable.Repeat(call[1]!, (int)missing);
    }
}
