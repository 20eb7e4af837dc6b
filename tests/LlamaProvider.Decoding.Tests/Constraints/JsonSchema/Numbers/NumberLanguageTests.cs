using System.Globalization;
using System.Numerics;
using CsCheck;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema.Numbers;

public sealed class NumberLanguageTests
{
    private static readonly Gen<string> Texts = Gen.Select(Gen.OneOf("", "-"), Gen.Int[0, 1200], Gen.OneOf("", ".0", ".5", ".25", ".10", ".000", ".999", ".1001", ".01"))
        .Select(static (sign, whole, fraction) => $"{sign}{whole}{fraction}");

    private static readonly Gen<string> Bounds = Gen.Frequency((6, Texts), (1, Gen.Select(Texts, Gen.Int[-3, 3], static (text, power) => $"{text}e{power}")));

    private static readonly Gen<string?> OptionalBounds = Gen.Frequency((1, Gen.Const((string?)null)), (1, Bounds.Select(static text => (string?)text)));

    private static readonly Gen<string> Divisors = Gen.OneOf("1", "2", "7", "10", "0.5", "0.25", "0.01", "2.5", "1e2", "3e-1", "100", "0.3");

    private static readonly Gen<NumberBounds> AllBounds = Gen.Select(
        Gen.Select(OptionalBounds, OptionalBounds),
        Gen.Select(OptionalBounds, OptionalBounds),
        Divisors.Array[0, 2],
        Gen.OneOf(FractionRule.Any, FractionRule.Zeros, FractionRule.None),
        static (low, high, divisors, fraction) => new NumberBounds
        {
            Minimum = low.Item1,
            ExclusiveMinimum = low.Item2,
            Maximum = high.Item1,
            ExclusiveMaximum = high.Item2,
            MultiplesOf = divisors,
            Fraction = fraction,
        });

    [Fact]
    public void Bounded_RandomBounds_DecideAsExactArithmetic() =>
        Gen.Select(AllBounds, Texts.Array[20]).Sample(static (bounds, texts) =>
        {
            var algebra = new ByteAlgebra();
            ByteExpression language = NumberLanguage.Bounded(bounds, algebra, ConstraintLimits.Default);
            string[] edges = [.. new[] { bounds.Minimum, bounds.Maximum, bounds.ExclusiveMinimum, bounds.ExclusiveMaximum }
                .Where(static text => text?.Contains('e', StringComparison.Ordinal) == false).Select(static text => text!)];
            foreach (string text in (string[])[.. texts, .. edges])
            {
                Assert.True(Keeps(bounds, text) == language.Has(text, algebra), $"{bounds with { MultiplesOf = [] }} {string.Join(' ', bounds.MultiplesOf)}: {text}");
            }
        }, iter: 4_000);

    [Fact]
    public void Bounded_RandomBounds_AreEmptyWhenNoNumberKeepsThem() =>
        Gen.Select(Gen.Int[-30, 30], Gen.Int[-30, 30], Gen.Int[1, 20]).Sample(static (low, high, divisor) =>
        {
            bool isEmpty = !Enumerable.Range(low, Math.Max(high - low + 1, 0)).Any(value => value % divisor == 0);
            Assert.Equal(isEmpty, IsEmpty(new NumberBounds { Minimum = $"{low}", Maximum = $"{high}", MultiplesOf = [$"{divisor}"] }));
        });

    [Fact]
    public void Bounded_Contradictions_AreEmpty()
    {
        Assert.True(IsEmpty(new NumberBounds { Minimum = "5", Maximum = "4" }));
        Assert.True(IsEmpty(new NumberBounds { Minimum = "0.1", Maximum = "0.2", Fraction = FractionRule.Zeros }));
        Assert.True(IsEmpty(new NumberBounds { Minimum = "8", Maximum = "13", MultiplesOf = ["7"] }));
        Assert.True(IsEmpty(new NumberBounds { ExclusiveMinimum = "1", ExclusiveMaximum = "1" }));
        Assert.True(IsEmpty(new NumberBounds { ExclusiveMinimum = "1", Maximum = "1" }));
        Assert.False(IsEmpty(new NumberBounds { ExclusiveMinimum = "1", Maximum = "1.0001" }));
        Assert.False(IsEmpty(new NumberBounds { Minimum = "-0", Maximum = "0" }));
        Assert.False(IsEmpty(new NumberBounds { Minimum = "-1.7976931348623157e308", Maximum = "1.7976931348623157e308" }));
        Assert.False(IsEmpty(new NumberBounds { Minimum = "1", MultiplesOf = ["99991"] }));
    }

    [Theory]
    [InlineData("5", true)]
    [InlineData("-0", true)]
    [InlineData("-0.50e+10", true)]
    [InlineData("1E5", true)]
    [InlineData("01", false)]
    [InlineData("1.", false)]
    [InlineData(".5", false)]
    [InlineData("+1", false)]
    [InlineData("1e", false)]
    [InlineData("-", false)]
    public void Number_Text_IsJson(string text, bool isNumber)
    {
        var algebra = new ByteAlgebra();

        Assert.Equal(isNumber, NumberLanguage.Number(algebra).Has(text, algebra));
        Assert.Equal(
            isNumber && !text.Contains('e', StringComparison.OrdinalIgnoreCase),
            NumberLanguage.Bounded(new NumberBounds { Minimum = "-1e9" }, algebra, ConstraintLimits.Default).Has(text, algebra));
    }

    [Theory]
    [InlineData("5", true, true)]
    [InlineData("-12", true, true)]
    [InlineData("5.00", true, false)]
    [InlineData("5.01", false, false)]
    [InlineData("5e1", false, false)]
    public void Integer_Text_IsWhole(string text, bool withZeroFraction, bool without)
    {
        var algebra = new ByteAlgebra();

        Assert.Equal(withZeroFraction, NumberLanguage.Integer(algebra, allowZeroFraction: true).Has(text, algebra));
        Assert.Equal(without, NumberLanguage.Integer(algebra, allowZeroFraction: false).Has(text, algebra));
    }

    [Fact]
    public void Bounded_Complement_HasTheOtherNumbers()
    {
        var algebra = new ByteAlgebra();
        ByteExpression below = NumberLanguage.Bounded(new NumberBounds { Maximum = "10" }, algebra, ConstraintLimits.Default);
        ByteExpression above = algebra.Intersection(NumberLanguage.Decimal(algebra), algebra.Complement(below));

        Assert.True(above.Has("10.001", algebra));
        Assert.False(above.Has("10.000", algebra));
        Assert.False(above.Has("-11", algebra));
        Assert.False(above.Has("x", algebra));
    }

    [Theory]
    [InlineData(
        "1e400",
        "The number 1e400 has more than the 400 digits allowed when it is written without an exponent. "
            + "Use one that is shorter, or raise the limit ConstraintLimits.NumberDigits.")]
    [InlineData(
        "1e-99999999999999999999",
        "The number 1e-99999999999999999999 has more than the 400 digits allowed when it is written without an exponent. "
            + "Use one that is shorter, or raise the limit ConstraintLimits.NumberDigits.")]
    public void Bounded_AbsurdExponent_NamesTheLimit(string text, string message)
    {
        var error = Assert.Throws<ConstraintTooComplexException>(
            () => NumberLanguage.Bounded(new NumberBounds { Minimum = text }, new ByteAlgebra(), ConstraintLimits.Default));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Bounded_LargeMultipleOf_NamesTheLimit()
    {
        var error = Assert.Throws<ConstraintTooComplexException>(
            () => NumberLanguage.Bounded(new NumberBounds { MultiplesOf = ["12345.67"] }, new ByteAlgebra(), ConstraintLimits.Default));

        Assert.Equal(
            "multipleOf 12345.67 counts more than 100,000 units of its last decimal place. Use one with fewer digits, or raise the limit ConstraintLimits.MultipleOf.",
            error.Message);
    }

    private static bool IsEmpty(NumberBounds bounds)
    {
        var algebra = new ByteAlgebra(20_000_000);
        return new Liveness(algebra).IsEmpty(NumberLanguage.Bounded(bounds, algebra, ConstraintLimits.Default));
    }

    private static bool Keeps(NumberBounds bounds, string text)
    {
        BigInteger value = Scaled(text);
        bool hasPoint = text.Contains('.', StringComparison.Ordinal);
        bool isShaped = bounds.Fraction switch
        {
            FractionRule.None => !hasPoint,
            FractionRule.Zeros => !hasPoint || text[text.IndexOf('.', StringComparison.Ordinal)..].All(static digit => digit is '.' or '0'),
            _ => true,
        };
        return isShaped
            && (bounds.Minimum is null || value >= Scaled(bounds.Minimum))
            && (bounds.Maximum is null || value <= Scaled(bounds.Maximum))
            && (bounds.ExclusiveMinimum is null || value > Scaled(bounds.ExclusiveMinimum))
            && (bounds.ExclusiveMaximum is null || value < Scaled(bounds.ExclusiveMaximum))
            && bounds.MultiplesOf.All(divisor => value % Scaled(divisor) == 0);
    }

    /// <summary>A number in units of 10^−9: the numbers of these tests have no more places.</summary>
    private static BigInteger Scaled(string text)
    {
        string[] parts = text.Split('e');
        int point = parts[0].IndexOf('.', StringComparison.Ordinal);
        int places = point < 0 ? 0 : parts[0].Length - point - 1;
        int power = 9 - places + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        return BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * BigInteger.Pow(10, power);
    }
}
