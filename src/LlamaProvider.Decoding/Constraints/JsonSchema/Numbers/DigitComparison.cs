namespace LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;

/// <summary>How a number that is read digit by digit, without its sign, compares with a bound.</summary>
internal enum Ordering
{
    /// <summary>Not told apart so far.</summary>
    Equal,

    Less,
    Greater,
}

/// <summary>
/// Compares digits with those of a bound. Before the point the order is that of as many digits of the bound as were read; how many that are decides at the point.
/// </summary>
/// <param name="bound">The bound; its sign does not count.</param>
/// <param name="isLower">Whether numbers must be above the bound, rather than below.</param>
/// <param name="isExclusive">Whether the bound itself is not allowed.</param>
internal sealed class DigitComparison(DecimalText bound, bool isLower, bool isExclusive)
{
    public int WholeDigits => bound.Whole.Length;

    public int FractionDigits => bound.Fraction.Length;

    /// <summary>The order after one more digit before the point.</summary>
    public Ordering AfterWhole(Ordering order, int read, int digit) =>
        read >= bound.Whole.Length ? Ordering.Greater : Next(order, digit, bound.Whole[read]);

    /// <summary>The order when the point comes after so many digits.</summary>
    public Ordering AtPoint(Ordering order, int read) => read < bound.Whole.Length ? Ordering.Less : order;

    /// <summary>The order after one more digit behind the point.</summary>
    public Ordering AfterFraction(Ordering order, int read, int digit) => Next(order, digit, read < bound.Fraction.Length ? bound.Fraction[read] : '0');

    /// <summary>Whether a number may end after so many digits behind the point.</summary>
    public bool IsAllowed(Ordering order, int read) =>
        (order == Ordering.Equal && read < bound.Fraction.Length ? Ordering.Less : order) switch
        {
            Ordering.Less => !isLower,
            Ordering.Greater => isLower,
            _ => !isExclusive,
        };

    /// <summary>Whether no further digit behind the point brings an allowed number.</summary>
    public bool IsHopeless(Ordering order) => order == (isLower ? Ordering.Less : Ordering.Greater);

    private static Ordering Next(Ordering order, int digit, char other) =>
        order != Ordering.Equal || digit == other - '0' ? order : digit < other - '0' ? Ordering.Less : Ordering.Greater;
}
