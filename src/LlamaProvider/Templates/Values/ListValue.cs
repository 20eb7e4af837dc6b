using LlamaProvider.Templates.Builtins;
using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;

namespace LlamaProvider.Templates.Values;

/// <summary>A list or a tuple. The sandbox lets nothing change it, so it can be shared.</summary>
internal class ListValue(Value[] items) : Value
{
    public Value[] Items => items;

    public override string TypeName => "list";

    public override bool IsTrue => items.Length > 0;

    public override int? Length => items.Length;

    public override IEnumerable<Value> Elements => items;

    public override bool IsHashable => false;

    /// <summary>A list or tuple of the same kind with other items.</summary>
    public virtual ListValue With(Value[] others) => new(others);

    public override Value? Attribute(string name) => ListMethods.OfList.Bind(this, name);

    public override Value? Item(Value key, Budget budget) =>
        Numbers.AsIndex(key) is { } index && Slices.Resolve(index, items.Length) is { } position ? items[position] : null;

    public override void WriteRepr(TextBuilder output) => WriteItems(output, "[", "]");

    protected void WriteItems(TextBuilder output, string open, string close)
    {
        output.Budget.EnterValue();
        output.Append(open);
        for (var i = 0; i < items.Length; i++)
        {
            output.Append(i == 0 ? "" : ", ");
            items[i].WriteRepr(output);
        }

        output.Append(close);
        output.Budget.LeaveValue();
    }
}

/// <summary>A tuple; <c>groupby</c> names the items of its tuples.</summary>
internal sealed class TupleValue(Value[] items, params string[] names) : ListValue(items)
{
    public override string TypeName => "tuple";

    // Computed once: a tuple of tuples may share its parts, and walking it again and again is exponential.
    public override bool IsHashable { get; } = Array.TrueForAll(items, item => item.IsHashable);

    public override ListValue With(Value[] others) => new TupleValue(others);

    public override Value? Attribute(string name) =>
        Array.IndexOf(names, name) is var index and >= 0 ? Items[index] : ListMethods.OfTuple.Bind(this, name);

    public override void WriteRepr(TextBuilder output) => WriteItems(output, "(", Items.Length == 1 ? ",)" : ")");
}

/// <summary>What <c>range()</c> makes: numbers that exist only when they are asked for.</summary>
internal sealed class RangeValue(long start, long stop, long step, int count) : Value
{
    public override string TypeName => "range";

    public override bool IsTrue => count > 0;

    public override int? Length => count;

    public override IEnumerable<Value> Elements
    {
        get
        {
            for (var i = 0; i < count; i++)
            {
                yield return At(i);
            }
        }
    }

    public Value At(int index) => IntValue.Of(start + (index * step));

    public override Value? Item(Value key, Budget budget) =>
        Numbers.AsIndex(key) is { } index && Slices.Resolve(index, count) is { } position ? At(position) : null;

    public override void WriteRepr(TextBuilder output) =>
        output.Append(step == 1 ? $"range({start}, {stop})" : $"range({start}, {stop}, {step})");
}

/// <summary>A lazy sequence that can be read once, as the filters <c>map</c>, <c>select</c>, <c>items</c> … return it.</summary>
internal sealed class GeneratorValue(IEnumerable<Value> source, string typeName = "generator") : Value
{
    private IEnumerator<Value>? _rest;

    public override string TypeName => typeName;

    public override IEnumerable<Value> Elements
    {
        get
        {
            _rest ??= source.GetEnumerator();
            while (MoveNext(_rest))
            {
                yield return _rest.Current;
            }
        }
    }

    // A generator over a generator over … recurses here.
    private static bool MoveNext(IEnumerator<Value> rest)
    {
        Budget.EnsureStack();
        return rest.MoveNext();
    }
}
