using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>Methods of lists and tuples that change nothing.</summary>
internal static class ListMethods
{
    private static readonly Builtin Count = new("count", ["value"], call => IntValue.Of(
        Sequences.Enumerate(call.Self, call.Budget).Count(item => Comparison.AreEqual(item, call[0]!, call.Budget))));

    private static readonly Builtin Index = new("index", ["value", "start?", "stop?"], IndexOf);

    public static readonly MethodTable OfTuple = new([Count, Index]);

    public static readonly MethodTable OfList = new(
        [Count, Index, new Builtin("copy", call => call.Self)],
        "append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private static IntValue IndexOf(Call call)
    {
        var items = ((ListValue)call.Self).Items;
        var end = Slices.Clamp(call.Integer(2, items.Length), items.Length);
        for (var i = Slices.Clamp(call.Integer(1, 0), items.Length); i < end; i++)
        {
            if (Comparison.AreEqual(items[i], call[0]!, call.Budget))
            {
                return IntValue.Of(i);
            }
        }

        throw Fault.Type($"the {call.Self.TypeName} does not hold the value", "Test it with 'in' first.");
    }
}
