using System.Globalization;
using System.Numerics;
using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>Python's number tower as far as templates see it: bool is an integer, integers have any size, floats are doubles.</summary>
internal static class Numbers
{
    // Far beyond any use, and small enough that one operation is quick.
    public const int MaxIntegerBits = 1_024;

    /// <summary>The integer that the value is (true is 1); null for any other value.</summary>
    public static BigInteger? AsInteger(Value value) => value switch
    {
        IntValue integer => integer.Number,
        BoolValue boolean => boolean.IsTrue ? BigInteger.One : BigInteger.Zero,
        _ => null,
    };

    /// <summary>The number that the value is; null for any other value.</summary>
    public static double? AsDouble(Value value) => value is FloatValue real ? real.Number : (double?)AsInteger(value);

    /// <summary>The integer that the value is, cut to what no sequence is long enough for; null for any other value.</summary>
    public static long? AsIndex(Value value) =>
        AsInteger(value) is { } integer ? (long)BigInteger.Max(BigInteger.Min(integer, long.MaxValue / 4), -(long.MaxValue / 4)) : null;

    public static Value Bounded(BigInteger number) =>
        number.GetBitLength() <= MaxIntegerBits
            ? IntValue.Of(number)
            : throw Fault.Type(
                $"An integer of {number.GetBitLength()} bits is too large, the limit is {MaxIntegerBits}", "Use smaller numbers or a float.");

    public static Value Power(BigInteger number, BigInteger exponent)
    {
        if (exponent < 0)
        {
            return number.IsZero ? throw ZeroDivision() : new FloatValue(Math.Pow((double)number, (double)exponent));
        }

        // The power has at least so many bits; near the limit the exact number decides.
        var bits = (BigInteger.Abs(number).GetBitLength() - 1) * exponent;
        return bits <= MaxIntegerBits
            ? Bounded(BigInteger.Abs(number) <= 1 ? SmallPower(number, exponent) : BigInteger.Pow(number, (int)exponent))
            : throw Fault.Type($"A power of {bits} bits is too large, the limit is {MaxIntegerBits}", "Use smaller numbers or a float.");
    }

    public static double Power(double number, double exponent)
    {
        var power = number == 0 && exponent < 0 ? throw ZeroDivision() : Math.Pow(number, exponent);
        return double.IsFinite(power) || !double.IsFinite(number) || !double.IsFinite(exponent)
            ? power
            : throw Fault.Type("Numerical result out of range", "Use smaller numbers.");
    }

    public static EvaluationException ZeroDivision() => Fault.Type("division by zero", "Test the divisor first.");

    /// <summary>
    /// Python's <c>int(text, radix)</c>: blanks around, a sign, a prefix that fits the radix, single underscores. Null if it is none.
    /// </summary>
    public static BigInteger? ParseInteger(string text, int radix = 10)
    {
        var digits = text.Trim();
        var isNegative = digits.StartsWith('-');
        digits = isNegative || digits.StartsWith('+') ? digits[1..] : digits;
        var prefixRadix = digits switch
        {
            ['0', 'x' or 'X', ..] => 16,
            ['0', 'o' or 'O', ..] => 8,
            ['0', 'b' or 'B', ..] => 2,
            _ => 0,
        };
        if (prefixRadix != 0 && (radix == 0 || radix == prefixRadix))
        {
            (digits, radix) = (digits[2..], prefixRadix);
            digits = digits.StartsWith('_') ? digits[1..] : digits;
        }

        return ParseDigits(digits, radix == 0 ? 10 : radix) is { } number ? isNegative ? -number : number : null;
    }

    /// <summary>Python's <c>float(text)</c>; null if it is none.</summary>
    public static double? ParseDouble(string text)
    {
        var trimmed = text.Trim();
        var unsigned = trimmed.TrimStart('+', '-').ToLowerInvariant();
        var isNegative = trimmed.StartsWith('-');
        return unsigned switch
        {
            "inf" or "infinity" => isNegative ? double.NegativeInfinity : double.PositiveInfinity,
            "nan" => double.NaN,
            _ => double.TryParse(trimmed.Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        };
    }

    private static BigInteger SmallPower(BigInteger number, BigInteger exponent) =>
        exponent.IsZero || (number.Sign < 0 && exponent.IsEven) ? BigInteger.One : number;

    private static BigInteger? ParseDigits(ReadOnlySpan<char> digits, int radix)
    {
        if (digits is [] or ['_', ..] or [.., '_'] || digits.Contains("__", StringComparison.Ordinal) || digits.Length > MaxIntegerBits)
        {
            return null;
        }

        var number = BigInteger.Zero;
        foreach (var character in digits)
        {
            var digit = DigitOf(character);
            if (character != '_')
            {
                if (digit >= radix)
                {
                    return null;
                }

                number = (number * radix) + digit;
            }
        }

        return number;
    }

    private static int DigitOf(char character) => character switch
    {
        _ when char.IsDigit(character) => (int)char.GetNumericValue(character),
        >= 'a' and <= 'z' => character - 'a' + 10,
        >= 'A' and <= 'Z' => character - 'A' + 10,
        _ => int.MaxValue,
    };
}
