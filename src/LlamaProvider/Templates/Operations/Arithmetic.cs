using System.Numerics;
using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

internal enum Operator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
}

/// <summary>Python's arithmetic: integers of any size, floor division and modulo towards minus infinity, <c>+ * %</c> on sequences.</summary>
internal static class Arithmetic
{
    public static Value Apply(Operator operation, Value left, Value right, Budget budget)
    {
        switch (operation, left, right)
        {
            case (Operator.Modulo, TextValue format, _):
                return PercentFormat.Apply(format, right, budget);
            case (_, UndefinedValue undefined, _):
                throw Fault.Undefined(undefined);
            case (_, _, UndefinedValue undefined):
                throw Fault.Undefined(undefined);
            case (Operator.Add, TextValue a, TextValue b):
                return Concat(a, b, budget);
            case (Operator.Add, ListValue a, ListValue b) when a.TypeName == b.TypeName:
                budget.ChargeElements((long)a.Items.Length + b.Items.Length);
                return a.With([.. a.Items, .. b.Items]);
            case (Operator.Multiply, TextValue or ListValue, _) when Numbers.AsIndex(right) is { } count:
                return Repeat(left, count, budget);
            case (Operator.Multiply, _, TextValue or ListValue) when Numbers.AsIndex(left) is { } count:
                return Repeat(right, count, budget);
            default:
                return Calculate(operation, left, right);
        }
    }

    public static Value Negate(Value value) => value switch
    {
        FloatValue real => new FloatValue(-real.Number),
        UndefinedValue undefined => throw Fault.Undefined(undefined),
        _ => IntValue.Of(-(Numbers.AsInteger(value) ?? throw Unary("-", value))),
    };

    public static Value Plus(Value value) => value switch
    {
        FloatValue => value,
        UndefinedValue undefined => throw Fault.Undefined(undefined),
        _ => IntValue.Of(Numbers.AsInteger(value) ?? throw Unary("+", value)),
    };

    private static Value Calculate(Operator operation, Value left, Value right)
    {
        if (Numbers.AsInteger(left) is { } a && Numbers.AsInteger(right) is { } b)
        {
            return OfIntegers(operation, a, b);
        }

        return Numbers.AsDouble(left) is { } x && Numbers.AsDouble(right) is { } y
            ? new FloatValue(OfDoubles(operation, x, y))
            : throw Mismatch(operation, left, right);
    }

    private static Value OfIntegers(Operator operation, BigInteger left, BigInteger right) => operation switch
    {
        Operator.Add => Numbers.Bounded(left + right),
        Operator.Subtract => Numbers.Bounded(left - right),
        Operator.Multiply => Numbers.Bounded(left * right),
        Operator.Power => Numbers.Power(left, right),
        _ when right.IsZero => throw Numbers.ZeroDivision(),
        Operator.Divide => new FloatValue((double)left / (double)right),
        Operator.FloorDivide => IntValue.Of(Floor(left, right)),
        _ => IntValue.Of(left - (Floor(left, right) * right)),
    };

    private static double OfDoubles(Operator operation, double left, double right) => operation switch
    {
        Operator.Add => left + right,
        Operator.Subtract => left - right,
        Operator.Multiply => left * right,
        Operator.Power => Numbers.Power(left, right),
        _ when right == 0 => throw Numbers.ZeroDivision(),
        Operator.Divide => left / right,
        Operator.FloorDivide => Math.Floor((left - Modulo(left, right)) / right),
        _ => Modulo(left, right),
    };

    private static BigInteger Floor(BigInteger left, BigInteger right)
    {
        var quotient = BigInteger.DivRem(left, right, out var remainder);
        return remainder.IsZero || remainder.Sign == right.Sign ? quotient : quotient - 1;
    }

    private static double Modulo(double left, double right)
    {
        var remainder = left % right;
        return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder;
    }

    private static TextValue Concat(TextValue left, TextValue right, Budget budget) =>
        left.IsMarkup || right.IsMarkup
            ? Texts.Concat(Texts.Escape(left, budget), Texts.Escape(right, budget), budget).AsMarkup()
            : Texts.Concat(left, right, budget);

    private static Value Repeat(Value sequence, long count, Budget budget)
    {
        if (sequence is TextValue text)
        {
            return Texts.Repeat(text, count, budget);
        }

        var list = (ListValue)sequence;
        var times = list.Items.Length == 0 ? 0 : Math.Max(0, count);
        budget.ChargeElements((long)BigInteger.Min(new BigInteger(times) * list.Items.Length, int.MaxValue));
        return list.With([.. Enumerable.Repeat(list.Items, (int)times).SelectMany(items => items)]);
    }

    private static EvaluationException Unary(string operation, Value value) =>
        Fault.Type($"bad operand type for unary {operation}: '{value.TypeName}'", "Convert it first, for example with '| int'.");

    private static EvaluationException Mismatch(Operator operation, Value left, Value right)
    {
        if (operation == Operator.Add && left is TextValue or ListValue)
        {
            return Fault.Type(
                $"can only concatenate {left.TypeName} (not \"{right.TypeName}\") to {left.TypeName}",
                left is TextValue ? "Use '~', or convert the right side with '| string' or '| tojson'." : "Convert the right side with '| list'.");
        }

        return Fault.Operands(Symbol(operation), left, right);
    }

    private static string Symbol(Operator operation) => operation switch
    {
        Operator.Add => "+",
        Operator.Subtract => "-",
        Operator.Multiply => "*",
        Operator.Divide => "/",
        Operator.FloorDivide => "//",
        Operator.Modulo => "%",
        _ => "**",
    };
}
