using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlamaProvider.Decoding.Sampling.Selection;

/// <summary>The exponential function in single precision, with the same bits on every machine.</summary>
/// <remarks>
/// With n = round(x / ln 2) and r = x − n ln 2, eˣ = 2ⁿ eʳ, and |r| ≤ ln 2 / 2. There Taylor's series of eʳ up to r⁷ / 7! errs by less than 6·10⁻⁹ of the value,
/// a tenth of a float's precision. ln 2 is taken off in two parts of which the first has few digits, so that n times it is exact. <see cref="Vector512.Exp(Vector512{float})"/>
/// is as accurate but computes in double precision; it takes about three times as long, and was most of the time of a draw from a whole vocabulary.
/// </remarks>
internal static class Exponential
{
    private const float InverseLn2 = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>ln 2⁻¹²⁶: below, the result would be subnormal.</summary>
    private const float Smallest = -87.33654f;
    private const int ExponentBias = 127;
    private const int MantissaBits = 23;

    /// <summary>eˣ for x ≤ 0; 0 where it would be below the smallest normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> OfAtMostZero(Vector512<float> x)
    {
        Vector512<float> n = Vector512.Round(x * InverseLn2);
        Vector512<float> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), r);

        Vector512<float> series = Vector512.Create(1f / 5040);
        series = Vector512.FusedMultiplyAdd(series, r, Vector512.Create(1f / 720));
        series = Vector512.FusedMultiplyAdd(series, r, Vector512.Create(1f / 120));
        series = Vector512.FusedMultiplyAdd(series, r, Vector512.Create(1f / 24));
        series = Vector512.FusedMultiplyAdd(series, r, Vector512.Create(1f / 6));
        series = Vector512.FusedMultiplyAdd(series, r, Vector512.Create(0.5f));
        series = Vector512.FusedMultiplyAdd(series, r, Vector512<float>.One);
        series = Vector512.FusedMultiplyAdd(series, r, Vector512<float>.One);

        Vector512<int> exponent = Vector512.ConvertToInt32Native(n) + Vector512.Create(ExponentBias);
        Vector512<float> power = Vector512.ShiftLeft(exponent, MantissaBits).AsSingle();
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vector512.Create(Smallest)), series * power, Vector512<float>.Zero);
    }
}
