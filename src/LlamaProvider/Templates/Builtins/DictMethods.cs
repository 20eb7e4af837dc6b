using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>Methods of mappings that change nothing.</summary>
internal static class DictMethods
{
    public static readonly MethodTable Table = new(
        [
            new Builtin("get", ["key", "default?"], call => Self(call).Find(call[0]!, call.Budget) ?? call[1] ?? NoneValue.Instance),
            new Builtin("keys", call => new DictViewValue("dict_keys", Self(call).Count, Self(call).Keys)),
            new Builtin("values", call => new DictViewValue("dict_values", Self(call).Count, Self(call).Values)),
            new Builtin("items", call => new DictViewValue("dict_items", Self(call).Count, Pairs(Self(call)))),
            new Builtin("copy", call => call.Self),
        ],
        "clear", "pop", "popitem", "setdefault", "update");

    /// <summary>The entries as tuples of key and value.</summary>
    public static IEnumerable<Value> Pairs(DictValue dict) => dict.Keys.Zip(dict.Values, (key, value) => new TupleValue([key, value]));

    private static DictValue Self(Call call) => (DictValue)call.Self;
}
