using System.Globalization;
using System.Numerics;
using LlamaProvider.Templates.Evaluation;

namespace LlamaProvider.Templates.Operations;

/// <summary>Writes doubles as Python does: the shortest text that reads back, or exactly rounded digits (ties to even).</summary>
internal static class FloatText
{
    private const int MaxPrecision = 400;

    /// <summary>Python's <c>repr</c>: the shortest digits, with an exponent below 1e-4 and from 1e16.</summary>
    public static string Repr(double value)
    {
        if (!double.IsFinite(value))
        {
            return NonFinite(value);
        }

        var (digits, exponent) = ShortestDigits(Math.Abs(value));
        var sign = double.IsNegative(value) ? "-" : "";
        if (exponent is < -4 or >= 16)
        {
            return sign + WithExponent(digits, exponent);
        }

        if (exponent < 0)
        {
            return sign + "0." + new string('0', -exponent - 1) + digits;
        }

        return digits.Length <= exponent + 1
            ? sign + digits.PadRight(exponent + 1, '0') + ".0"
            : sign + digits.Insert(exponent + 1, ".");
    }

    /// <summary>Fixed notation with that many decimals.</summary>
    public static string Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value))
        {
            return NonFinite(value);
        }

        CheckPrecision(decimals);
        var digits = Scaled(Math.Abs(value), decimals).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return (double.IsNegative(value) ? "-" : "") + (decimals == 0 ? digits : digits.Insert(digits.Length - decimals, "."));
    }

    /// <summary>Scientific notation with that many decimals and an exponent of at least two digits.</summary>
    public static string Scientific(double value, int decimals)
    {
        if (!double.IsFinite(value))
        {
            return NonFinite(value);
        }

        var (digits, exponent) = Significant(Math.Abs(value), decimals + 1);
        return (double.IsNegative(value) ? "-" : "") + WithExponent(digits, exponent);
    }

    /// <summary>Python's <c>g</c>: that many significant digits, in the shorter notation, without trailing zeros unless asked for.</summary>
    public static string General(double value, int precision, bool keepZeros = false)
    {
        if (!double.IsFinite(value))
        {
            return NonFinite(value);
        }

        precision = Math.Max(1, precision);
        var (digits, exponent) = Significant(Math.Abs(value), precision);
        if (exponent >= -4 && exponent < precision)
        {
            var text = Fixed(value, precision - 1 - exponent);
            return keepZeros || !text.Contains('.', StringComparison.Ordinal) ? text : text.TrimEnd('0').TrimEnd('.');
        }

        digits = keepZeros ? digits : digits[..1] + digits[1..].TrimEnd('0');
        return (double.IsNegative(value) ? "-" : "") + WithExponent(digits, exponent);
    }

    /// <summary>Python's <c>round(value, decimals)</c>; negative decimals round to tens, hundreds …</summary>
    public static double Round(double value, int decimals)
    {
        if (!double.IsFinite(value) || decimals > 323)
        {
            return value;
        }

        var scaled = decimals < -308 ? BigInteger.Zero : Scaled(Math.Abs(value), decimals);
        var rounded = double.Parse($"{scaled.ToString(CultureInfo.InvariantCulture)}E{-decimals}", CultureInfo.InvariantCulture);
        return double.CopySign(rounded, value);
    }

    private static string NonFinite(double value) => double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";

    private static string WithExponent(string digits, int exponent)
    {
        var mantissa = digits.Length == 1 ? digits : digits.Insert(1, ".");
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
    }

    private static (string Digits, int Exponent) ShortestDigits(double value)
    {
        if (value == 0)
        {
            return ("0", 0);
        }

        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var mantissa = text.Split('E')[0];
        var shift = text.Contains('E', StringComparison.Ordinal) ? int.Parse(text.Split('E')[1], CultureInfo.InvariantCulture) : 0;
        var point = mantissa.IndexOf('.', StringComparison.Ordinal) is var index and >= 0 ? index : mantissa.Length;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var leading = all.Length - all.TrimStart('0').Length;
        return (all.Trim('0'), point - 1 - leading + shift);
    }

    private static (string Digits, int Exponent) Significant(double value, int count)
    {
        CheckPrecision(count);
        if (value == 0)
        {
            return (new string('0', count), 0);
        }

        // The exponent of the shortest digits is the exact one; rounding up to the next power of ten gives a digit too many.
        var exponent = ShortestDigits(value).Exponent;
        var digits = Scaled(value, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
        return digits.Length > count ? (digits[..count], exponent + 1) : (digits, exponent);
    }

    /// <summary>value · 10^decimals, rounded to an integer, ties to even. A double is m · 2^e, so the quotient is exact.</summary>
    private static BigInteger Scaled(double value, int decimals)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var biased = (int)((bits >> 52) & 0x7FF);
        var mantissa = (bits & 0xFFFFFFFFFFFFF) | (biased == 0 ? 0 : 1L << 52);
        var exponent = Math.Max(biased, 1) - 1075;
        var numerator = new BigInteger(mantissa) << Math.Max(exponent, 0);
        var denominator = BigInteger.One << Math.Max(-exponent, 0);
        numerator *= BigInteger.Pow(10, Math.Max(decimals, 0));
        denominator *= BigInteger.Pow(10, Math.Max(-decimals, 0));
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var half = (remainder * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    private static void CheckPrecision(int precision)
    {
        if (precision > MaxPrecision)
        {
            throw Fault.Type($"A precision of {precision} digits is too large, the limit is {MaxPrecision}", "Ask for fewer digits.");
        }
    }
}
