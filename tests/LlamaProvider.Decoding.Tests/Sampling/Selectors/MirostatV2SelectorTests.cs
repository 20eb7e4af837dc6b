using CsCheck;
using LlamaProvider.Decoding.Sampling;

namespace LlamaProvider.Decoding.Tests.Sampling.Selectors;

public sealed class MirostatV2SelectorTests
{
    [Theory]
    [InlineData(2, 0.1)]
    [InlineData(5, 0.05)]
    public void Choose_ZipfRow_IsTheFormulaAndItsAverageSurpriseBecomesTau(double tau, double eta)
    {
        double[] surprises = AssertFormula(SelectorRun.Zipf, 3000, tau, eta);

        Assert.Equal(tau, surprises.Average(), 0.1);
    }

    [Fact]
    public void Choose_AnyRow_IsTheFormula() =>
        Gen.Select(Gen.Int[-40, 40].Select(i => i / 8f).Array[1, 200], Gen.Double[0.5, 6]).Sample((row, tau) =>
            AssertFormula(row, 20, tau, 0.1));

    [Fact]
    public void Choose_EverythingTooSurprising_ChoosesTheMostProbable() =>
        Assert.All(SelectorRun.Draw(SamplerPipeline.Create(s => s.MirostatV2(tau: 0.01, eta: 0)), [0, 0.1f, float.NaN, 0, float.PositiveInfinity], 50), token => Assert.Equal(1, token));

    private static double[] AssertFormula(float[] row, int count, double tau, double eta)
    {
        double[] all = StageRun.Softmax(row);
        double largest = all.Max();
        return SelectorRun.AssertMirostat(
            SamplerPipeline.Create(s => s.MirostatV2(tau, eta)), row, count, tau, eta, mu => [Truncated(mu), Truncated(mu - 1e-5), Truncated(mu + 1e-5)]);

        double[] Truncated(double bound) => SelectorRun.Normalize([.. all.Select(p => -Math.Log2(p) <= bound || p == largest ? p : 0)]);
    }
}
