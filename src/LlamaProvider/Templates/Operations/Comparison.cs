using System.Numerics;
using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>Python's equality, order and membership.</summary>
internal static class Comparison
{
    public static bool AreEqual(Value left, Value right, Budget budget)
    {
        budget.ChargeSteps(1);
        switch (left, right)
        {
            case (TextValue a, TextValue b):
                budget.ChargeCharacters(a.Characters.Length);
                return string.Equals(a.Characters, b.Characters, StringComparison.Ordinal);
            case (UndefinedValue, UndefinedValue):
                return true;
            case (RangeValue a, RangeValue b):
                return a.Length == b.Length && a.Elements.Zip(b.Elements).All(pair => AreEqual(pair.First, pair.Second, budget));
            case (ListValue a, ListValue b):
                return a.TypeName == b.TypeName && a.Items.Length == b.Items.Length && FirstDifference(a.Items, b.Items, budget) < 0;
            case (DictValue a, DictValue b):
                return HaveEqualEntries(a, b, budget);
            default:
                return OrderOfNumbers(left, right) is { } order ? order == 0 : left is not FloatValue && ReferenceEquals(left, right);
        }
    }

    public static bool IsLess(Value left, Value right, Budget budget) => Holds("<", left, right, budget);

    /// <summary>Whether <c>left operation right</c> holds, for the four ordering operations.</summary>
    public static bool Holds(string operation, Value left, Value right, Budget budget)
    {
        budget.ChargeSteps(1);
        if (Order(operation, left, right, budget) is not { } order)
        {
            return false;
        }

        return operation switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    public static bool Contains(Value container, Value item, Budget budget)
    {
        switch (container)
        {
            case TextValue text when item is TextValue part:
                budget.ChargeCharacters(text.Characters.Length);
                return text.Characters.Contains(part.Characters, StringComparison.Ordinal);
            case TextValue:
                throw Fault.Type(
                    $"'in <string>' requires string as left operand, not {item.TypeName}", "Convert the left side with '| string'.");
            case DictValue dict:
                return dict.Find(item, budget) is not null;
            case { Elements: null }:
                throw Fault.Type($"argument of type '{container.TypeName}' is not iterable", "Look into a list, a mapping or a string.");
            default:
                return Sequences.Enumerate(container, budget).Any(element => ReferenceEquals(element, item) || AreEqual(element, item, budget));
        }
    }

    /// <summary>The sign of left − right; null where a NaN makes all orders false.</summary>
    private static int? Order(string operation, Value left, Value right, Budget budget)
    {
        switch (left, right)
        {
            case (UndefinedValue undefined, _):
                throw Fault.Undefined(undefined);
            case (_, UndefinedValue undefined):
                throw Fault.Undefined(undefined);
            case (TextValue a, TextValue b):
                budget.ChargeCharacters(Math.Min(a.Characters.Length, b.Characters.Length));
                return CodePoints.Compare(a.Characters, b.Characters);
            case (ListValue a, ListValue b) when a.TypeName == b.TypeName:
                var index = FirstDifference(a.Items, b.Items, budget);
                return index < 0 ? a.Items.Length - b.Items.Length : Order(operation, a.Items[index], b.Items[index], budget);
            case (FloatValue { Number: double.NaN }, _) or (_, FloatValue { Number: double.NaN }):
                return null;
            default:
                return OrderOfNumbers(left, right) ?? throw Fault.Order(operation, left, right);
        }
    }

    private static int? OrderOfNumbers(Value left, Value right)
    {
        if (Numbers.AsInteger(left) is { } a && Numbers.AsInteger(right) is { } b)
        {
            return a.CompareTo(b);
        }

        if (Numbers.AsDouble(left) is not { } x || Numbers.AsDouble(right) is not { } y || double.IsNaN(x) || double.IsNaN(y))
        {
            return null;
        }

        // Beyond 2^53 a double cannot tell neighbouring integers apart; an integer can tell doubles apart.
        return Math.Abs(x) < 1L << 53 || !double.IsFinite(x) || !double.IsFinite(y) ? x.CompareTo(y) : Exact(left, x).CompareTo(Exact(right, y));
    }

    private static BigInteger Exact(Value value, double number) => Numbers.AsInteger(value) ?? new BigInteger(number);

    private static int FirstDifference(Value[] left, Value[] right, Budget budget)
    {
        budget.EnterValue();
        var index = 0;
        var common = Math.Min(left.Length, right.Length);
        while (index < common && (ReferenceEquals(left[index], right[index]) || AreEqual(left[index], right[index], budget)))
        {
            index++;
        }

        budget.LeaveValue();
        return index < common ? index : -1;
    }

    private static bool HaveEqualEntries(DictValue left, DictValue right, Budget budget)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        budget.EnterValue();
        var areEqual = true;
        for (var i = 0; areEqual && i < left.Count; i++)
        {
            areEqual = right.Find(left.Keys[i], budget) is { } value && AreEqual(left.Values[i], value, budget);
        }

        budget.LeaveValue();
        return areEqual;
    }
}
