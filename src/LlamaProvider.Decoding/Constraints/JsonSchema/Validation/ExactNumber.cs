using System.Globalization;
using System.Numerics;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Validation;

/// <summary>A JSON number, exactly: digits times a power of ten.</summary>
internal readonly record struct ExactNumber(BigInteger Digits, int Exponent)
{
    /// <summary>Places up to which two numbers are brought to one exponent.</summary>
    private const int MaxPlaces = 20_000;

    public static ExactNumber Parse(string text)
    {
        int mark = text.AsSpan().IndexOfAny('e', 'E');
        long exponent = 0;
        if (mark >= 0 && !long.TryParse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            throw TooLarge(text);
        }

        string mantissa = mark < 0 ? text : text[..mark];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        BigInteger digits = BigInteger.Parse(point < 0 ? mantissa : mantissa.Remove(point, 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return Math.Abs(exponent) <= MaxPlaces || digits.IsZero ? new ExactNumber(digits, digits.IsZero ? 0 : (int)exponent) : throw TooLarge(text);
    }

    public bool IsWhole => Exponent >= 0 || (Digits % BigInteger.Pow(10, -Exponent)).IsZero;

    public int Compare(ExactNumber other)
    {
        (BigInteger left, BigInteger right) = Align(other);
        return left.CompareTo(right);
    }

    public bool IsMultipleOf(ExactNumber other)
    {
        (BigInteger left, BigInteger right) = Align(other);
        return !right.IsZero && (left % right).IsZero;
    }

    private (BigInteger Left, BigInteger Right) Align(ExactNumber other)
    {
        int exponent = Math.Min(Exponent, other.Exponent);
        return (Digits * BigInteger.Pow(10, Exponent - exponent), other.Digits * BigInteger.Pow(10, other.Exponent - exponent));
    }

    private static ConstraintTooComplexException TooLarge(string text) =>
        new($"The number {(text.Length > 60 ? text[..60] + "…" : text)} has an exponent above {MaxPlaces:N0}, so its bounds cannot be checked. Bound it in the schema by keywords that can be enforced.");
}
