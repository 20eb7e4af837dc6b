using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>Jinja2's two ways into a value: <c>a.b</c> prefers the attribute, <c>a['b']</c> the item. Neither finds nothing: Undefined.</summary>
internal static class Access
{
    public static Value Attribute(Value value, TextValue name, Budget budget) =>
        value.Attribute(name.Characters) ?? value.Item(name, budget) ?? UndefinedValue.OfAttribute(value, name.Characters);

    public static Value Item(Value value, Value key, Budget budget) =>
        value.Item(key, budget) ?? (key as TextValue is { } name ? value.Attribute(name.Characters) : null) ?? UndefinedValue.OfItem(value, key);

    /// <summary>What the filters' <c>attribute</c> argument means: items by name or number, with dots between them.</summary>
    public static Func<Value, Value> Path(Value? attribute, Value? fallback, Budget budget)
    {
        if (attribute is null or NoneValue)
        {
            return value => value;
        }

        Value[] parts = attribute is TextValue text ? [.. text.Characters.Split('.').Select(Part)] : [attribute];
        return value =>
        {
            foreach (var part in parts)
            {
                value = Item(value, part, budget);
                value = value is UndefinedValue && fallback is not (null or NoneValue) ? fallback : value;
            }

            return value;
        };
    }

    private static Value Part(string part) =>
        part.Length > 0 && part.All(char.IsAsciiDigit) && Numbers.ParseInteger(part) is { } number ? IntValue.Of(number) : TextValue.Trusted(part);
}
