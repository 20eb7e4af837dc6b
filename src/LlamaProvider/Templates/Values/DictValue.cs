using LlamaProvider.Templates.Builtins;
using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;

namespace LlamaProvider.Templates.Values;

/// <summary>
/// A mapping in the order of insertion. Keys are nearly always strings: those are found by characters, through an index once there are many.
/// Other keys are searched one by one, at the budget's expense.
/// </summary>
internal sealed class DictValue : Value
{
    private const int IndexedFrom = 9;

    private readonly List<Value> _keys;
    private readonly List<Value> _values;
    private Dictionary<string, int>? _index;

    public DictValue(int capacity = 4)
    {
        _keys = new List<Value>(capacity);
        _values = new List<Value>(capacity);
    }

    public int Count => _keys.Count;

    public IReadOnlyList<Value> Keys => _keys;

    public IReadOnlyList<Value> Values => _values;

    public override string TypeName => "dict";

    public override bool IsTrue => Count > 0;

    public override int? Length => Count;

    public override IEnumerable<Value> Elements => _keys;

    public override bool IsHashable => false;

    public Value? Find(string key) => IndexOf(key) is var index and >= 0 ? _values[index] : null;

    public Value? Find(Value key, Budget budget) => IndexOf(key, budget) is var index and >= 0 ? _values[index] : null;

    public void Set(TextValue key, Value value) => Store(IndexOf(key.Characters), key, value);

    public void Set(Value key, Value value, Budget budget)
    {
        budget.ChargeElements(1);
        Store(IndexOf(key, budget), key, value);
    }

    public override Value? Attribute(string name) => DictMethods.Table.Bind(this, name);

    public override Value? Item(Value key, Budget budget) => key.IsHashable ? Find(key, budget) : null;

    public override void WriteRepr(TextBuilder output)
    {
        output.Budget.EnterValue();
        output.Append("{");
        for (var i = 0; i < Count; i++)
        {
            output.Append(i == 0 ? "" : ", ");
            _keys[i].WriteRepr(output);
            output.Append(": ");
            _values[i].WriteRepr(output);
        }

        output.Append("}");
        output.Budget.LeaveValue();
    }

    private int IndexOf(Value key, Budget budget)
    {
        if (key is TextValue text)
        {
            return IndexOf(text.Characters);
        }

        if (!key.IsHashable)
        {
            throw Fault.Type($"unhashable type: '{key.TypeName}'", "Use a string, a number or a tuple of those as a key.");
        }

        return _keys.FindIndex(other => Comparison.AreEqual(key, other, budget));
    }

    private int IndexOf(string key)
    {
        if (_index is not null)
        {
            return _index.GetValueOrDefault(key, -1);
        }

        for (var i = 0; i < _keys.Count; i++)
        {
            if (_keys[i] is TextValue text && text.Characters == key)
            {
                return i;
            }
        }

        return -1;
    }

    private void Store(int index, Value key, Value value)
    {
        if (index >= 0)
        {
            _values[index] = value;
            return;
        }

        _keys.Add(key);
        _values.Add(value);
        if (_index is not null && key is TextValue added)
        {
            _index.Add(added.Characters, Count - 1);
        }
        else if (_index is null && Count == IndexedFrom)
        {
            _index = _keys.Index().Where(entry => entry.Item is TextValue)
                .ToDictionary(entry => ((TextValue)entry.Item).Characters, entry => entry.Index, StringComparer.Ordinal);
        }
    }
}

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> return: a view with a length but no items by number.</summary>
internal sealed class DictViewValue(string typeName, int count, IEnumerable<Value> elements) : Value
{
    public override string TypeName => typeName;

    public override bool IsTrue => count > 0;

    public override int? Length => count;

    public override IEnumerable<Value> Elements => elements;

    public override bool IsHashable => false;

    public override void WriteRepr(TextBuilder output)
    {
        output.Append(typeName + "(");
        new ListValue([.. elements]).WriteRepr(output);
        output.Append(")");
    }
}
