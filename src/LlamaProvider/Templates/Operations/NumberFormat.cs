using System.Globalization;
using System.Numerics;
using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>A number in one of the presentation types, with its sign and without padding.</summary>
internal static class NumberFormat
{
    public static string Write(Value value, FormatSpec spec)
    {
        var type = spec.Type ?? (value is FloatValue ? null : 'd');
        if (type is 'd' or 'b' or 'o' or 'x' or 'X' or 'c' || (type is 'n' && value is not FloatValue))
        {
            var number = Numbers.AsInteger(value) ?? throw Unknown(value, spec);
            return type == 'c' ? Character(number) : Signed(number.Sign < 0, Integer(BigInteger.Abs(number), type.Value, spec), spec);
        }

        var real = type != 's' && Numbers.AsDouble(value) is { } finite ? finite : throw Unknown(value, spec);
        return Signed(double.IsNegative(real) && !double.IsNaN(real), Group(Real(Math.Abs(real), spec), spec.Grouping), spec);
    }

    /// <summary>The length of a sign and a radix prefix, which <c>=</c> alignment keeps in front.</summary>
    public static int PrefixLength(string number)
    {
        var sign = number.Length > 0 && number[0] is '-' or '+' or ' ' ? 1 : 0;
        return number.Length > sign + 1 && number[sign] == '0' && char.IsAsciiLetter(number[sign + 1]) ? sign + 2 : sign;
    }

    private static string Integer(BigInteger number, char type, FormatSpec spec) => type switch
    {
        'b' => (spec.IsAlternate ? "0b" : "") + Binary(number),
        'o' => (spec.IsAlternate ? "0o" : "") + Octal(number),
        'x' => (spec.IsAlternate ? "0x" : "") + Hexadecimal(number),
        'X' => (spec.IsAlternate ? "0X" : "") + Hexadecimal(number).ToUpperInvariant(),
        _ => Group(number.ToString(CultureInfo.InvariantCulture), spec.Grouping),
    };

    private static string Real(double number, FormatSpec spec)
    {
        var precision = spec.Precision ?? 6;
        return spec.Type switch
        {
            'e' => FloatText.Scientific(number, precision),
            'E' => FloatText.Scientific(number, precision).ToUpperInvariant(),
            'f' => FloatText.Fixed(number, precision),
            'F' => FloatText.Fixed(number, precision).ToUpperInvariant(),
            'g' or 'n' => FloatText.General(number, precision, spec.IsAlternate),
            'G' => FloatText.General(number, precision, spec.IsAlternate).ToUpperInvariant(),
            '%' => FloatText.Fixed(number * 100, precision) + "%",
            _ when spec.Precision is { } digits => FloatText.General(number, digits),
            _ => FloatText.Repr(number),
        };
    }

    private static string Signed(bool isNegative, string digits, FormatSpec spec) =>
        (isNegative ? "-" : spec.Sign == '-' ? "" : spec.Sign.ToString()) + digits;

    private static string Hexadecimal(BigInteger number) => OrZero(number.ToString("x", CultureInfo.InvariantCulture));

    private static string Binary(BigInteger number) => OrZero(number.ToString("b", CultureInfo.InvariantCulture));

    private static string Octal(BigInteger number)
    {
        var bits = Binary(number);
        bits = bits.PadLeft((bits.Length + 2) / 3 * 3, '0');
        return string.Concat(bits.Chunk(3).Select(triple => (char)('0' + ((triple[0] - '0') * 4) + ((triple[1] - '0') * 2) + (triple[2] - '0'))));
    }

    // .NET puts a zero in front where the first digit could be taken for a sign.
    private static string OrZero(string digits) => digits.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0";

    private static string Group(string number, char? separator)
    {
        if (separator is null)
        {
            return number;
        }

        var end = number.AsSpan().IndexOfAnyExceptInRange('0', '9') is var point and >= 0 ? point : number.Length;
        for (var position = end - 3; position > 0; position -= 3)
        {
            number = number.Insert(position, separator.Value.ToString());
        }

        return number;
    }

    private static string Character(BigInteger number) =>
        number >= 0 && number <= 0x10FFFF && System.Text.Rune.IsValid((int)number)
            ? char.ConvertFromUtf32((int)number)
            : throw Fault.Type($"%c arg not in range(0x110000): {number}", "Use the number of a character.");

    public static EvaluationException Unknown(Value value, FormatSpec spec) =>
        Fault.Type(
            $"Unknown format code '{spec.Type}' for object of type '{value.TypeName}'", "Use a code for the value's type, or convert it first.");
}
