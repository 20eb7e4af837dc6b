using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>Methods of the variable <c>loop</c>.</summary>
internal static class LoopMethods
{
    public static readonly MethodTable Table = new(
    [
        new Builtin("cycle", ["*"], Cycle),
        new Builtin("changed", ["*"], HasChanged),
    ]);

    private static Value Cycle(Call call)
    {
        var values = call.Raw.Positional;
        return values.Length > 0
            ? values[((LoopValue)call.Self).Index0 % values.Length]
            : throw Fault.Type("no items for cycling given", "Call cycle() with the values to choose from.");
    }

    private static BoolValue HasChanged(Call call)
    {
        var loop = (LoopValue)call.Self;
        var values = new TupleValue(call.Raw.Positional);
        if (loop.Changed is { } last && Comparison.AreEqual(last, values, call.Budget))
        {
            return BoolValue.False;
        }

        loop.Changed = values;
        return BoolValue.True;
    }
}
