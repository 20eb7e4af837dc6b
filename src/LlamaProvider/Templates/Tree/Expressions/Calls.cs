using LlamaProvider.Templates.Builtins;
using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Tree.Expressions;

/// <summary>The arguments of a call as written: positional, named, and Python's <c>*list</c> and <c>**mapping</c>.</summary>
internal sealed class ArgumentList(
    Expression[] positional, KeyValuePair<string, Expression>[] named, Expression? spread = null, Expression? namedSpread = null)
{
    public static readonly ArgumentList None = new([], []);

    public IEnumerable<Node?> Nodes => [.. positional, .. named.Select(argument => argument.Value), spread, namedSpread];

    public Arguments Evaluate(Frame frame)
    {
        if (positional.Length + named.Length == 0 && spread is null && namedSpread is null)
        {
            return Arguments.None;
        }

        // Calls inside of arguments take the most stack of all expressions.
        Budget.EnsureStack();
        var values = Array.ConvertAll(positional, argument => argument.Evaluate(frame));
        var pairs = Array.ConvertAll(named, argument => KeyValuePair.Create(argument.Key, argument.Value.Evaluate(frame)));
        var budget = frame.Rendering.Budget;
        if (spread is not null)
        {
            values = [.. values, .. Sequences.ToArray(spread.Evaluate(frame), budget)];
        }

        if (namedSpread is not null)
        {
            pairs = [.. pairs, .. Named(namedSpread.Evaluate(frame), budget)];
        }

        return new Arguments(values, pairs);
    }

    private static IEnumerable<KeyValuePair<string, Value>> Named(Value mapping, Budget budget)
    {
        if (mapping is not DictValue dict)
        {
            throw Fault.Type($"argument after ** must be a mapping, not {mapping.TypeName}", "Give a mapping of names to values.");
        }

        budget.ChargeElements(dict.Count);
        return dict.Keys.Zip(dict.Values, (key, value) => KeyValuePair.Create(
            (key as TextValue ?? throw Fault.Type("keywords must be strings", "Use strings as keys.")).Characters, value));
    }
}

/// <summary><c>callee(arguments)</c>.</summary>
internal sealed class CallExpression(int offset, Expression callee, ArgumentList arguments) : Expression(offset)
{
    public override Value Evaluate(Frame frame) => Call(frame, caller: null);

    /// <summary>Calls with the body of a call block as the named argument <c>caller</c>.</summary>
    public Value Call(Frame frame, Value? caller)
    {
        var target = callee.Evaluate(frame);
        var values = arguments.Evaluate(frame);
        if (caller is not null)
        {
            values = values with { Named = [.. values.Named, KeyValuePair.Create("caller", caller)] };
        }

        frame.Rendering.At(Offset);
        return target switch
        {
            CallableValue callable => callable.Call(frame.Rendering, values),
            UndefinedValue undefined => throw Fault.Undefined(undefined),
            _ => throw Fault.NotCallable(target),
        };
    }
}

/// <summary>
/// <c>value | filter(arguments)</c>. An unknown filter in a branch is an error only if the branch runs, as in Jinja2; hence the null.
/// </summary>
internal sealed class FilterExpression(int offset, Expression value, string name, Builtin? filter, ArgumentList arguments) : Expression(offset)
{
    public override Value Evaluate(Frame frame)
    {
        var self = value.Evaluate(frame);
        var values = arguments.Evaluate(frame);
        frame.Rendering.At(Offset);
        return (filter ?? throw Filters.Unknown(name)).Invoke(frame.Rendering, self, values);
    }
}

/// <summary><c>value is test(arguments)</c>.</summary>
internal sealed class TestExpression(int offset, Expression value, string name, Builtin? test, ArgumentList arguments) : Expression(offset)
{
    public override Value Evaluate(Frame frame)
    {
        var self = value.Evaluate(frame);
        var values = arguments.Evaluate(frame);
        frame.Rendering.At(Offset);
        return (test ?? throw Tests.Unknown(name)).Invoke(frame.Rendering, self, values);
    }
}

/// <summary>
/// What a filter block and a filtered block set feed into their filters: the text just captured. Captures nest and the tree is shared
/// between threads, so the text travels in a slot of the frame.
/// </summary>
internal sealed class CapturedText(int offset, int slot) : Expression(offset)
{
    public int Slot => slot;

    public override Value Evaluate(Frame frame) => frame.Slots[slot]!;
}
