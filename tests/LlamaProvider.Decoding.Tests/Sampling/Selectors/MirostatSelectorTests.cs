using CsCheck;
using LlamaProvider.Decoding.Sampling;

namespace LlamaProvider.Decoding.Tests.Sampling.Selectors;

public sealed class MirostatSelectorTests
{
    [Theory]
    [InlineData(3, 0.1, 100)]
    [InlineData(5, 0.05, 20)]
    public void Choose_ZipfRow_IsTheFormulaAndItsAverageSurpriseBecomesTau(double tau, double eta, int m)
    {
        double[] surprises = AssertFormula(SelectorRun.Zipf, 3000, tau, eta, m);

        Assert.Equal(tau, surprises.Average(), 0.1);
    }

    [Fact]
    public void Choose_AnyRow_IsTheFormula() =>
        Gen.Select(Gen.Int[-40, 40].Select(i => i / 8f).Array[2, 200], Gen.Double[0.5, 6]).Where((row, _) => row.Distinct().Count() > 1).Sample((row, tau) =>
            AssertFormula(row, 20, tau, 0.1, 100));

    [Fact]
    public void Choose_OneCandidate_ChoosesIt() =>
        Assert.Equal([1, 1, 1], SelectorRun.Draw(SamplerPipeline.Create(s => s.Mirostat()), [float.NaN, 2, float.NegativeInfinity], 3));

    [Fact]
    public void Choose_ExponentOne_TakesTheLimit()
    {
        float[] row = [.. Enumerable.Range(1, 1000).Select(i => -MathF.Log(i))];

        // k = 2^μ / ln N with μ = 2 τ.
        int k = (int)(Math.Pow(2, 6) / Math.Log(1000));
        int[] tokens = [.. Enumerable.Range(0, 2000).Select(seed => SelectorRun.Draw(SamplerPipeline.Create(s => s.Mirostat(tau: 3)), row, 1, (ulong)seed)[0])];
        Assert.Equal(k - 1, tokens.Max());
    }

    private static double[] AssertFormula(float[] row, int count, double tau, double eta, int m)
    {
        int[] ranking = LogitRows.Ranking(row);
        double[] all = StageRun.Softmax(row);
        double s = Exponent([.. ranking.Take(m).Select(token => Math.Log(all[token]))]);
        return SelectorRun.AssertMirostat(SamplerPipeline.Create(pipeline => pipeline.Mirostat(tau, eta, m)), row, count, tau, eta, mu =>
        {
            double k = Math.Pow((s - 1) * Math.Pow(2, mu) / (1 - Math.Pow(row.Length, 1 - s)), 1 / s);
            return [MostProbable(k), MostProbable(k * (1 - 1e-4)), MostProbable(k * (1 + 1e-4))];
        });

        double[] MostProbable(double k)
        {
            double[] probabilities = new double[row.Length];
            foreach (int token in ranking.AsSpan(0, (int)Math.Clamp(k, 1, ranking.Length)))
            {
                probabilities[token] = all[token];
            }

            return SelectorRun.Normalize(probabilities);
        }
    }

    private static double Exponent(double[] sorted)
    {
        double[] t = [.. Enumerable.Range(1, sorted.Length - 1).Select(i => Math.Log((i + 1.0) / i))];
        return t.Select((ti, i) => ti * (sorted[i] - sorted[i + 1])).Sum() / t.Sum(ti => ti * ti);
    }
}
