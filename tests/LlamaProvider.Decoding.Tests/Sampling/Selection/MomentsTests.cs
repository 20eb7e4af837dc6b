using CsCheck;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Tests.Sampling.Selection;

public sealed class MomentsTests
{
    [Fact]
    public void Of_AnyRow_AreThoseOfItsFiniteValuesInDoublePrecision() => LogitRows.Any.Sample(
        row =>
        {
            double[] finite = [.. row.Where(float.IsFinite).Select(value => (double)value)];
            double mean = finite.Average();

            Moments moments = Moments.Of(row);

            Assert.Equal(finite.Length, moments.Count);
            Assert.Equal(mean, moments.Mean, 1e-5);
            Assert.Equal(Math.Sqrt(finite.Average(value => (value - mean) * (value - mean))), moments.StandardDeviation, 1e-4);
        },
        iter: 1000);

    [Fact]
    public void Of_NothingFinite_IsZero() => Assert.Equal(new Moments(0, 0, 0), Moments.Of([float.NaN, float.PositiveInfinity, float.NegativeInfinity]));

    [Fact]
    public void Of_OneValue_HasNoDeviation() => Assert.Equal(new Moments(1, -7.5, 0), Moments.Of([float.NaN, -7.5f]));

    [Fact]
    public void Of_ValuesFarFromZero_LosesNoDeviation() =>
        Assert.Equal(1, Moments.Of([.. Enumerable.Range(0, 1000).Select(i => 10_000f + (i % 2 == 0 ? 1 : -1))]).StandardDeviation, 1e-3);
}
