using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>The functions that every template can call: Jinja2's own, and the two that transformers adds.</summary>
internal static class Globals
{
    private static readonly Dictionary<string, FunctionValue> Table = new Builtin[]
    {
        new("range", ["start", "stop?", "step?"], Range),
        new("dict", ["*"], NewDict),
        new("namespace", ["*"], call => new NamespaceValue(NewDict(call))),
        new("joiner", ["sep?"], call => new JoinerValue(call[0] is { } separator ? Texts.Of(separator, call.Budget) : TextValue.Trusted(", "))),
        new("cycler", ["*"], call => call.Raw.Positional is { Length: > 0 } items
            ? new CyclerValue(items)
            : throw Fault.Type("at least one item has to be provided", "Call cycler() with the values to choose from.")),
        new("raise_exception", ["message"], call => throw Fault.Type(
            $"The template refuses the input: {Texts.Of(call[0]!, call.Budget).Characters}", "Change the messages or the options as it asks.")),
        new("strftime_now", ["format"], call => TimeFormat.Write(call.Rendering.Now, call.Text(0), call.Budget)),
    }.ToDictionary(function => function.Name, function => new FunctionValue(function), StringComparer.Ordinal);

    public static Value? Find(string name) => Table.GetValueOrDefault(name);

    private static RangeValue Range(Call call)
    {
        var (start, stop) = call[1] is null ? (0, call.Integer(0)) : (call.Integer(0), call.Integer(1));
        var step = call[2] is null ? 1 : call.Integer(2);
        if (step == 0)
        {
            throw Fault.Type("range() argument 'step' must not be zero", "Use 1 or -1.");
        }

        var distance = step > 0 ? stop - start : start - stop;
        var count = distance <= 0 ? 0 : ((distance - 1) / Math.Abs(step)) + 1;
        var limit = call.Budget.Options.MaxRangeLength;
        return count <= limit
            ? new RangeValue(start, stop, step, (int)count)
            : throw Fault.Limit($"A range of {count} numbers is too big", nameof(ChatTemplateOptions.MaxRangeLength), limit);
    }

    private static DictValue NewDict(Call call)
    {
        var dict = new DictValue();
        var (positional, named) = call.Raw;
        if (positional.Length > 1)
        {
            throw Fault.Type($"dict expected at most 1 argument, got {positional.Length}", "Give one mapping or one list of pairs, and names.");
        }

        foreach (var (key, value) in positional.SelectMany(source => Pairs(source, call.Budget)))
        {
            dict.Set(key, value, call.Budget);
        }

        foreach (var (name, value) in named)
        {
            dict.Set(TextValue.Trusted(name), value, call.Budget);
        }

        return dict;
    }

    private static IEnumerable<(Value Key, Value Value)> Pairs(Value source, Budget budget) => source switch
    {
        DictValue dict => dict.Keys.Zip(dict.Values),
        UndefinedValue undefined => throw Fault.Undefined(undefined),
        _ => Sequences.Enumerate(source, budget).Select(pair => Sequences.ToArray(pair, budget) is [var key, var value]
            ? (key, value)
            : throw Fault.Type("dict() needs a list of pairs", "Give a mapping, or a list of lists with a key and a value.")),
    };

    /// <summary>Writes nothing on its first call and its separator on every other.</summary>
    private sealed class JoinerValue(TextValue separator) : CallableValue
    {
        private bool _isUsed;

        public override string TypeName => "Joiner";

        public override Value Call(Rendering rendering, Arguments arguments)
        {
            var result = _isUsed ? separator : TextValue.Empty;
            _isUsed = true;
            return result;
        }
    }

    /// <summary>Hands out its items in turn.</summary>
    private sealed class CyclerValue(Value[] items) : Value
    {
        private static readonly MethodTable Methods = new(
        [
            new Builtin("next", call => ((CyclerValue)call.Self).Next()),
            new Builtin("reset", call => ((CyclerValue)call.Self).Reset()),
        ]);

        private int _position;

        public override string TypeName => "Cycler";

        public override Value? Attribute(string name) => name == "current" ? items[_position] : Methods.Bind(this, name);

        private Value Next()
        {
            var item = items[_position];
            _position = (_position + 1) % items.Length;
            return item;
        }

        private NoneValue Reset()
        {
            _position = 0;
            return NoneValue.Instance;
        }
    }
}
