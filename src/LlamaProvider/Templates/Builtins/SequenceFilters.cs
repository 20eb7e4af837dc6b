using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>The filters over a whole list, mapping or string.</summary>
internal static class SequenceFilters
{
    public static readonly Builtin[] All =
    [
        new("length", call => IntValue.Of(call.Self.Length ?? throw Fault.NoLength(call.Self))),
        new("count", call => IntValue.Of(call.Self.Length ?? throw Fault.NoLength(call.Self))),
        new("list", call => new ListValue(Sequences.ToArray(call.Self, call.Budget))),
        new("first", call => Sequences.Enumerate(call.Self, call.Budget).FirstOrDefault()
            ?? UndefinedValue.Because("No first item, sequence was empty")),
        new("last", Last),
        new("join", ["d?", "attribute?"], Join),
        new("sum", ["attribute?", "start?"], Sum),
        new("min", ["case_sensitive?", "attribute?"], call => Extreme(call, (item, best) => Comparison.IsLess(item, best, call.Budget))),
        new("max", ["case_sensitive?", "attribute?"], call => Extreme(call, (item, best) => Comparison.IsLess(best, item, call.Budget))),
        new("sort", ["reverse?", "case_sensitive?", "attribute?"], Sort),
        new("dictsort", ["case_sensitive?", "by?", "reverse?"], SortDict),
        new("groupby", ["attribute", "default?", "case_sensitive?"], GroupBy),
        new("reverse", Reverse),
    ];

    /// <summary>Jinja2's default for sorting and grouping: strings count without regard to case.</summary>
    public static Func<Value, Value> KeyOf(Call call, Value? attribute, bool isCaseSensitive, Value? fallback = null)
    {
        var path = Access.Path(attribute, fallback, call.Budget);
        return isCaseSensitive ? path : item =>
        {
            var value = path(item);
            return value is TextValue text ? Texts.Convert(text, PythonCharacters.ToLower, call.Budget) : value;
        };
    }

    private static Value Last(Call call)
    {
        if (call.Self is GeneratorValue || call.Self.Elements is null)
        {
            throw Fault.Type($"'{call.Self.TypeName}' object is not reversible", "Turn a generator into a list with '| list' first.");
        }

        return call.Self is ListValue list
            ? list.Items.LastOrDefault() ?? NoLast()
            : Sequences.Enumerate(call.Self, call.Budget).LastOrDefault() ?? NoLast();

        static UndefinedValue NoLast() => UndefinedValue.Because("No last item, sequence was empty");
    }

    private static TextValue Join(Call call)
    {
        var separator = call[0] is null ? TextValue.Empty : Texts.Of(call[0]!, call.Budget);
        var items = Sequences.Enumerate(call.Self, call.Budget);
        return Texts.Join(separator, items.Select(Access.Path(call[1], null, call.Budget)), item => Texts.Of(item, call.Budget), call.Budget);
    }

    private static Value Sum(Call call)
    {
        var path = Access.Path(call[0], null, call.Budget);
        var start = call[1] ?? IntValue.Of(0);
        return start is TextValue
            ? throw Fault.Type("sum() can't sum strings", "Use '| join' instead.")
            : Sequences.Enumerate(call.Self, call.Budget)
                .Aggregate(start, (sum, item) => Arithmetic.Apply(Operator.Add, sum, path(item), call.Budget));
    }

    private static Value Extreme(Call call, Func<Value, Value, bool> isBetter)
    {
        var key = KeyOf(call, call[1], call.Flag(0));
        Value? best = null;
        Value? bestKey = null;
        foreach (var item in Sequences.Enumerate(call.Self, call.Budget))
        {
            var itemKey = key(item);
            if (bestKey is null || isBetter(itemKey, bestKey))
            {
                (best, bestKey) = (item, itemKey);
            }
        }

        return best ?? UndefinedValue.Because("No aggregated item, sequence was empty");
    }

    private static ListValue Sort(Call call)
    {
        var items = Sequences.ToArray(call.Self, call.Budget);
        Sequences.Sort(items, SortKey(call), call.Flag(0), call.Budget);
        return new ListValue(items);
    }

    /// <summary>One attribute, or several with commas between them, compared in turn. Equal ones, even undefined ones, are passed over.</summary>
    private static Func<Value, Value> SortKey(Call call)
    {
        Value?[] attributes = call[2] is TextValue text ? [.. text.Characters.Split(',').Select(TextValue.Trusted)] : [call[2]];
        var keys = Array.ConvertAll(attributes, attribute => KeyOf(call, attribute, call.Flag(1)));
        return item => new ListValue(Array.ConvertAll(keys, key => key(item)));
    }

    private static ListValue SortDict(Call call)
    {
        if (call.Self is not DictValue dict)
        {
            throw call.Self is UndefinedValue undefined
                ? Fault.Undefined(undefined)
                : Fault.Type($"dictsort needs a mapping, not '{call.Self.TypeName}'", "Use '| sort' for lists.");
        }

        var by = call.OptionalText(1)?.Characters ?? "key";
        if (by is not ("key" or "value"))
        {
            throw Fault.Type($"dictsort cannot sort by '{by}'", "You can only sort by either 'key' or 'value'.");
        }

        call.Budget.ChargeElements(dict.Count);
        var pairs = DictMethods.Pairs(dict).ToArray();
        var position = IntValue.Of(by == "key" ? 0 : 1);
        Sequences.Sort(pairs, KeyOf(call, position, call.Flag(0)), call.Flag(2), call.Budget);
        return new ListValue(pairs);
    }

    private static ListValue GroupBy(Call call)
    {
        var key = KeyOf(call, call[0], call.Flag(2), call[1]);
        var original = Access.Path(call[0], call[1], call.Budget);
        var items = Sequences.ToArray(call.Self, call.Budget);
        Sequences.Sort(items, key, descending: false, call.Budget);
        var groups = new List<Value>();
        for (int start = 0, end; start < items.Length; start = end)
        {
            var groupKey = key(items[start]);
            for (end = start + 1; end < items.Length && Comparison.AreEqual(key(items[end]), groupKey, call.Budget);)
            {
                end++;
            }

            var name = call.Flag(2) ? groupKey : original(items[start]);
            groups.Add(new TupleValue([name, new ListValue(items[start..end])], "grouper", "list"));
        }

        return new ListValue([.. groups]);
    }

    private static Value Reverse(Call call)
    {
        if (call.Self is TextValue)
        {
            return Slices.Of(call.Self, null, null, IntValue.Of(-1), call.Budget);
        }

        var items = Sequences.ToArray(call.Self, call.Budget);
        Array.Reverse(items);
        return call.Self is GeneratorValue ? new ListValue(items) : new GeneratorValue(items, $"{call.Self.TypeName}_reverseiterator");
    }
}
