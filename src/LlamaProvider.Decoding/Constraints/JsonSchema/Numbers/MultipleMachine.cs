namespace LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;

/// <summary>Multiples of a number d = m · 10^−k.</summary>
/// <remarks>
/// A number x is a multiple of d when x · 10^k is a multiple of m: its digits up to the k-th behind the point, read as one integer, have the remainder 0 by m, and all
/// digits further behind are zeros. A state is the remainder so far and how many digits behind the point were read, no more than k.
/// </remarks>
internal sealed class MultipleMachine : DecimalMachine
{
    private const int CountBits = 11;
    private const long CountMask = (1 << CountBits) - 1;

    private readonly long _divisor;
    private readonly int _places;

    /// <param name="divisor">m.</param>
    /// <param name="places">k.</param>
    /// <param name="fraction">What may stand behind the point.</param>
    public MultipleMachine(long divisor, int places, FractionRule fraction)
        : base($"multiple {divisor} {places}", fraction)
    {
        _divisor = divisor;
        _places = places;
    }

    // A number and its negative are multiples of the same.
    private protected override long AfterSign() => 0;

    private protected override long? AfterWholeDigit(long worth, int digit) => Append(worth >> CountBits, digit) << CountBits;

    private protected override long? AfterPoint(long worth) => AtPlace(worth >> CountBits, 0);

    private protected override long? AfterFractionDigit(long worth, int digit)
    {
        int read = (int)(worth & CountMask);
        if (read == _places)
        {
            return digit == 0 ? worth : null;
        }

        return AtPlace(Append(worth >> CountBits, digit), read + 1);
    }

    private protected override bool IsAllowed(long worth)
    {
        long remainder = worth >> CountBits;
        for (long read = worth & CountMask; read < _places && remainder != 0; read++)
        {
            remainder = Append(remainder, 0);
        }

        return remainder == 0;
    }

    private long Append(long remainder, int digit) => ((remainder * 10) + digit) % _divisor;

    private long? AtPlace(long remainder, int read) => read == _places && remainder != 0 ? null : (remainder << CountBits) | (long)read;
}
