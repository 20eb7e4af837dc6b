using System.Numerics;
using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>The filters that make or change a number.</summary>
internal static class NumberFilters
{
    public static readonly Builtin[] All =
    [
        new("int", ["default?", "base?"], call => ToInteger(call) is { } number ? IntValue.Of(number) : call[0] ?? IntValue.Of(0)),
        new("float", ["default?"], call => ToDouble(call.Self) is { } number ? new FloatValue(number) : call[0] ?? new FloatValue(0)),
        new("abs", call => call.Self is FloatValue real
            ? new FloatValue(Math.Abs(real.Number))
            : IntValue.Of(BigInteger.Abs(Numbers.AsInteger(call.Self) ?? throw NotANumber("abs", call.Self)))),
        new("round", ["precision?", "method?"], Round),
        new("filesizeformat", ["binary?"], call => TextValue.Trusted(
            FileSize(ToDouble(call.Self) ?? throw NotANumber("filesizeformat", call.Self), call.Flag(0)))),
    ];

    private static BigInteger? ToInteger(Call call)
    {
        if (call.Self is TextValue text && Numbers.ParseInteger(text.Characters, (int)Math.Clamp(call.Integer(1, 10), 0, 36)) is { } parsed)
        {
            return parsed;
        }

        return Numbers.AsInteger(call.Self) ?? (ToDouble(call.Self) is { } real && double.IsFinite(real) ? new BigInteger(real) : null);
    }

    private static double? ToDouble(Value value) => value switch
    {
        UndefinedValue undefined => throw Fault.Undefined(undefined),
        TextValue text => Numbers.ParseDouble(text.Characters),
        _ => Numbers.AsDouble(value),
    };

    private static Value Round(Call call)
    {
        var method = call.OptionalText(1)?.Characters ?? "common";
        var precision = (int)Math.Clamp(call.Integer(0, 0), -1_000, 1_000);
        var value = Numbers.AsDouble(call.Self) ?? throw NotANumber("round", call.Self);
        call.Budget.ChargeSteps(Math.Abs(precision));
        return method switch
        {
            "common" when Numbers.AsInteger(call.Self) is { } integer => IntValue.Of(precision >= 0 ? integer : RoundTens(integer, -precision)),
            "common" => new FloatValue(FloatText.Round(value, precision)),
            "ceil" => new FloatValue(Math.Ceiling(value * Math.Pow(10, precision)) / Math.Pow(10, precision)),
            "floor" => new FloatValue(Math.Floor(value * Math.Pow(10, precision)) / Math.Pow(10, precision)),
            _ => throw Fault.Type($"round has no method '{method}'", "The method must be common, ceil or floor."),
        };
    }

    /// <summary>Rounds to a power of ten, ties to even.</summary>
    private static BigInteger RoundTens(BigInteger number, int zeros)
    {
        var unit = BigInteger.Pow(10, zeros);
        var quotient = BigInteger.DivRem(BigInteger.Abs(number), unit, out var remainder);
        var half = (remainder * 2).CompareTo(unit);
        quotient += half > 0 || (half == 0 && !quotient.IsEven) ? 1 : 0;
        return quotient * unit * number.Sign;
    }

    private static string FileSize(double bytes, bool isBinary)
    {
        var unit = isBinary ? 1024.0 : 1000.0;
        if (bytes < unit)
        {
            return bytes == 1 ? "1 Byte" : $"{(long)bytes} Bytes";
        }

        var prefix = 0;
        for (bytes /= unit; bytes >= unit && prefix < 7; prefix++)
        {
            bytes /= unit;
        }

        return $"{FloatText.Fixed(bytes, 1)} {(isBinary ? "KMGTPEZY" : "kMGTPEZY")[prefix]}{(isBinary ? "iB" : "B")}";
    }

    private static EvaluationException NotANumber(string filter, Value value) => value is UndefinedValue undefined
        ? Fault.Undefined(undefined)
        : Fault.Type($"{filter} needs a number, not '{value.TypeName}'", "Convert it with '| int' or '| float' first.");
}
