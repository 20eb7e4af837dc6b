using System.Globalization;
using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;

/// <summary>Languages of JSON numbers.</summary>
/// <remarks>
/// Bounded numbers are written without an exponent. With one they would not be regular: whether 123e4 is below a bound depends on how many digits stand before the e, which
/// no finite number of states remembers. Every value has a text without an exponent, so nothing is lost but spellings. A complement of bounds must therefore be taken
/// within <see cref="Decimal"/>, not within <see cref="Number"/>.
/// </remarks>
internal static class NumberLanguage
{
    private static readonly ByteSet Digit = ByteSet.Range((byte)'0', (byte)'9');

    /// <summary>Every number of JSON (RFC 8259, section 6).</summary>
    public static ByteExpression Number(ByteAlgebra algebra)
    {
        ByteExpression sign = algebra.Optional(algebra.Bytes(ByteSet.Of((byte)'+') | ByteSet.Of((byte)'-')));
        ByteExpression mark = algebra.Bytes(ByteSet.Of((byte)'e') | ByteSet.Of((byte)'E'));
        return algebra.Sequence(Decimal(algebra), algebra.Optional(algebra.Sequence(mark, sign, Digits(algebra))));
    }

    /// <summary>Every number of JSON without an exponent.</summary>
    public static ByteExpression Decimal(ByteAlgebra algebra) => algebra.Sequence(Integer(algebra, FractionRule.None), Fraction(algebra.Bytes(Digit), algebra));

    /// <summary>Every number in its one shortest text without an exponent: no zeros at the end of a fraction, no negative zero.</summary>
    public static ByteExpression Canonical(ByteAlgebra algebra)
    {
        ByteExpression minus = algebra.Optional(algebra.Text("-"u8));
        ByteExpression digits = algebra.Repetition(algebra.Bytes(Digit));
        ByteExpression first = algebra.Bytes(ByteSet.Range((byte)'1', (byte)'9'));
        ByteExpression zero = algebra.Text("0"u8);
        ByteExpression above = algebra.Sequence(first, digits);
        return algebra.Choice(
            zero,
            algebra.Sequence(minus, above),
            algebra.Sequence(minus, algebra.Choice(zero, above), algebra.Text("."u8), digits, first));
    }

    /// <summary>Whole numbers, written without an exponent.</summary>
    /// <param name="algebra">Makes the expression.</param>
    /// <param name="allowZeroFraction">Whether 5.0 is one, as JSON Schema since draft 6 says.</param>
    public static ByteExpression Integer(ByteAlgebra algebra, bool allowZeroFraction) =>
        Integer(algebra, allowZeroFraction ? FractionRule.Zeros : FractionRule.None);

    /// <summary>The numbers that keep all bounds, written without an exponent.</summary>
    /// <exception cref="ConstraintTooComplexException">A bound has too many digits, or a multipleOf is too large.</exception>
    /// <exception cref="ArgumentException">A multipleOf is not above zero.</exception>
    public static ByteExpression Bounded(NumberBounds bounds, ByteAlgebra algebra, ConstraintLimits limits)
    {
        NumberBound? minimum = Tighter(Read(bounds.Minimum, false), Read(bounds.ExclusiveMinimum, true), 1);
        NumberBound? maximum = Tighter(Read(bounds.Maximum, false), Read(bounds.ExclusiveMaximum, true), -1);
        var parts = new List<ByteExpression>();
        if (minimum is not null || maximum is not null)
        {
            parts.Add(algebra.Machine(new RangeMachine(minimum, maximum, bounds.Fraction)));
        }

        parts.AddRange(bounds.MultiplesOf.Select(text => algebra.Machine(Multiple(text, bounds.Fraction, limits))));
        return parts.Count == 0 ? Integer(algebra, bounds.Fraction) : algebra.Intersection([.. parts]);

        NumberBound? Read(string? text, bool isExclusive) => text is null ? null : new NumberBound(DecimalText.Parse(text, limits), isExclusive);
    }

    private static ByteExpression Integer(ByteAlgebra algebra, FractionRule fraction)
    {
        ByteExpression whole = algebra.Choice(
            algebra.Bytes(ByteSet.Of((byte)'0')),
            algebra.Sequence(algebra.Bytes(ByteSet.Range((byte)'1', (byte)'9')), algebra.Repetition(algebra.Bytes(Digit))));
        ByteExpression rest = fraction switch
        {
            FractionRule.None => algebra.Empty,
            FractionRule.Zeros => Fraction(algebra.Bytes(ByteSet.Of((byte)'0')), algebra),
            _ => Fraction(algebra.Bytes(Digit), algebra),
        };
        return algebra.Sequence(algebra.Optional(algebra.Bytes(ByteSet.Of((byte)'-'))), whole, rest);
    }

    private static ByteExpression Fraction(ByteExpression digit, ByteAlgebra algebra) =>
        algebra.Optional(algebra.Sequence(algebra.Bytes(ByteSet.Of((byte)'.')), algebra.Repetition(digit, min: 1)));

    private static ByteExpression Digits(ByteAlgebra algebra) => algebra.Repetition(algebra.Bytes(Digit), min: 1);

    private static NumberBound? Tighter(NumberBound? inclusive, NumberBound? exclusive, int direction)
    {
        if (inclusive is null || exclusive is null)
        {
            return inclusive ?? exclusive;
        }

        return DecimalText.Compare(inclusive.Value, exclusive.Value) * direction > 0 ? inclusive : exclusive;
    }

    private static MultipleMachine Multiple(string text, FractionRule fraction, ConstraintLimits limits)
    {
        DecimalText divisor = DecimalText.Parse(text, limits);
        if (divisor.IsZero || divisor.IsNegative)
        {
            throw new ArgumentException($"multipleOf is {text}, but must be above zero.", nameof(text));
        }

        string digits = (divisor.Whole + divisor.Fraction).TrimStart('0');
        if (digits.Length > 18 || long.Parse(digits, CultureInfo.InvariantCulture) > limits.MultipleOf)
        {
            throw new ConstraintTooComplexException(
                $"multipleOf {text} counts more than {limits.MultipleOf:N0} units of its last decimal place. " +
                $"Use one with fewer digits, or raise the limit {nameof(ConstraintLimits)}.{nameof(ConstraintLimits.MultipleOf)}.");
        }

        return new MultipleMachine(long.Parse(digits, CultureInfo.InvariantCulture), divisor.Fraction.Length, fraction);
    }
}
