using System.Globalization;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;

/// <summary>A JSON number, exactly, as decimal digits without an exponent.</summary>
/// <param name="IsNegative">Whether it is below zero; −0 is not.</param>
/// <param name="Whole">The digits before the point, without leading zeros: none when the number is between −1 and 1.</param>
/// <param name="Fraction">The digits behind the point, without trailing zeros.</param>
internal sealed record DecimalText(bool IsNegative, string Whole, string Fraction)
{
    public bool IsZero => Whole.Length == 0 && Fraction.Length == 0;

    /// <param name="text">A number in JSON's syntax.</param>
    /// <param name="limits">Bounds the digits.</param>
    /// <exception cref="ConstraintTooComplexException">It has too many digits.</exception>
    public static DecimalText Parse(string text, ConstraintLimits limits)
    {
        int mark = text.AsSpan().IndexOfAny('e', 'E');
        string mantissa = (mark < 0 ? text : text[..mark]).TrimStart('-');
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        string significant = digits.TrimStart('0');
        if (significant.Length == 0)
        {
            return new DecimalText(false, "", "");
        }

        long exponent = mark < 0 ? 0 : ParseExponent(text.AsSpan(mark + 1));
        // The place of the point, counted from the first digit that is not a leading zero.
        long whole = (point < 0 ? digits.Length : point) - (digits.Length - significant.Length) + exponent;
        significant = significant.TrimEnd('0');
        long length = Math.Max(whole, significant.Length) - Math.Min(whole, 0);
        if (length > limits.NumberDigits)
        {
            throw new ConstraintTooComplexException(
                $"The number {Shorten(text)} has more than the {limits.NumberDigits:N0} digits allowed when it is written without an exponent. " +
                $"Use one that is shorter, or raise the limit {nameof(ConstraintLimits)}.{nameof(ConstraintLimits.NumberDigits)}.");
        }

        string padded = new string('0', (int)Math.Max(-whole, 0)) + significant.PadRight((int)Math.Max(whole, 0), '0');
        int split = (int)Math.Max(whole, 0);
        return new DecimalText(text[0] == '-', padded[..split], padded[split..]);
    }

    /// <summary>Which of two numbers is the larger: above zero when the left one is.</summary>
    public static int Compare(DecimalText left, DecimalText right) => (left.IsNegative, right.IsNegative) switch
    {
        (true, false) => -1,
        (false, true) => 1,
        (false, false) => CompareMagnitudes(left, right),
        _ => CompareMagnitudes(right, left),
    };

    private static int CompareMagnitudes(DecimalText left, DecimalText right)
    {
        int order = left.Whole.Length.CompareTo(right.Whole.Length);
        order = order != 0 ? order : string.CompareOrdinal(left.Whole, right.Whole);
        return order != 0 ? order : string.CompareOrdinal(left.Fraction, right.Fraction);
    }

    // Far beyond any limit, a larger exponent makes no difference.
    private static long ParseExponent(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exponent) ? exponent : text[0] == '-' ? int.MinValue : int.MaxValue;

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
