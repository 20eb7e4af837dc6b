using System.Collections.Frozen;
using System.Numerics;
using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>Jinja2's tests: what may stand behind <c>is</c>.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Builtin> Table = Types().Concat(Numeric()).Concat(Comparisons())
        .ToFrozenDictionary(test => test.Name, StringComparer.Ordinal);

    public static Builtin? Find(string name) => Table.GetValueOrDefault(name);

    public static EvaluationException Unknown(string name) =>
        Fault.Type($"No test named '{name}'", $"The tests are {string.Join(", ", Table.Keys.Order(StringComparer.Ordinal))}.");

    private static Builtin[] Types() =>
    [
        Of("defined", value => value is not UndefinedValue),
        Of("undefined", value => value is UndefinedValue),
        Of("none", value => value is NoneValue),
        Of("boolean", value => value is BoolValue),
        Of("true", value => ReferenceEquals(value, BoolValue.True)),
        Of("false", value => ReferenceEquals(value, BoolValue.False)),
        Of("integer", value => value is IntValue),
        Of("float", value => value is FloatValue),
        Of("number", value => value is IntValue or FloatValue or BoolValue),
        Of("string", value => value is TextValue),
        Of("mapping", value => value is DictValue),
        Of("iterable", value => value.Elements is not null),
        Of("sequence", value => value is TextValue or ListValue or DictValue or RangeValue or UndefinedValue),
        Of("callable", value => value is CallableValue or UndefinedValue),
        Of("escaped", value => value is TextValue { IsMarkup: true }),
        new("lower", call => BoolValue.Of(TextPredicates.IsCase(call.SelfText.Characters, char.IsLower, char.IsUpper))),
        new("upper", call => BoolValue.Of(TextPredicates.IsCase(call.SelfText.Characters, char.IsUpper, char.IsLower))),
        new("filter", call => BoolValue.Of(call.Self is TextValue name && Filters.Find(name.Characters) is not null)),
        new("test", call => BoolValue.Of(call.Self is TextValue name && Find(name.Characters) is not null)),
    ];

    private static Builtin[] Numeric() =>
    [
        new("odd", call => Remainder(call, 2, 1)),
        new("even", call => Remainder(call, 2, 0)),
        new("divisibleby", ["num"], call => BoolValue.Of(
            Comparison.AreEqual(Arithmetic.Apply(Operator.Modulo, call.Self, call[0]!, call.Budget), IntValue.Of(0), call.Budget))),
    ];

    private static Builtin[] Comparisons() =>
    [
        new("in", ["seq"], call => BoolValue.Of(Comparison.Contains(call[0]!, call.Self, call.Budget))),
        new("sameas", ["other"], call => BoolValue.Of(IsSame(call.Self, call[0]!))),
        .. Named(["eq", "equalto", "=="], call => Comparison.AreEqual(call.Self, call[0]!, call.Budget)),
        .. Named(["ne", "!="], call => !Comparison.AreEqual(call.Self, call[0]!, call.Budget)),
        .. Named(["lt", "lessthan", "<"], call => Comparison.Holds("<", call.Self, call[0]!, call.Budget)),
        .. Named(["le", "<="], call => Comparison.Holds("<=", call.Self, call[0]!, call.Budget)),
        .. Named(["gt", "greaterthan", ">"], call => Comparison.Holds(">", call.Self, call[0]!, call.Budget)),
        .. Named(["ge", ">="], call => Comparison.Holds(">=", call.Self, call[0]!, call.Budget)),
    ];

    private static Builtin Of(string name, Func<Value, bool> holds) => new(name, call => BoolValue.Of(holds(call.Self)));

    private static IEnumerable<Builtin> Named(string[] names, Func<Call, bool> holds) =>
        names.Select(name => new Builtin(name, ["other"], call => BoolValue.Of(holds(call))));

    private static BoolValue Remainder(Call call, int divisor, BigInteger expected) => BoolValue.Of(Comparison.AreEqual(
        Arithmetic.Apply(Operator.Modulo, call.Self, IntValue.Of(divisor), call.Budget), IntValue.Of(expected), call.Budget));

    // Python shares small integers and literals; templates that use 'sameas' mean them.
    private static bool IsSame(Value left, Value right) => ReferenceEquals(left, right) || (left, right) switch
    {
        (IntValue a, IntValue b) => a.Number == b.Number,
        (TextValue a, TextValue b) => a.Characters == b.Characters,
        _ => false,
    };
}
