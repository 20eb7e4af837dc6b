using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.TestSupport.Sampling;

namespace LlamaProvider.Decoding.Tests.Sampling.Selectors;

public sealed class CategoricalSelectorTests
{
    private static readonly float[] Row = [1f, 2.5f, float.NegativeInfinity, -1f, 2.5f, 0.5f, float.NaN, 3f, -2f, 1f];

    /// <summary>All 100 values are exact in single precision.</summary>
    private static readonly float[] FixedRow = [.. Enumerable.Range(0, 100).Select(i => i * 37 % 101 / 16f)];

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(2.5)]
    public void Choose_ManyDraws_FollowTheSoftmax(double temperature)
    {
        double[] expected = SelectorRun.Normalize([.. Row.Select(logit => float.IsFinite(logit) ? Math.Exp(logit / temperature) : 0)]);

        AssertFollows(expected, SamplerPipeline.Create(s => s.Temperature(temperature)));
    }

    [Fact]
    public void Choose_TopKTopPTemperature_FollowsTheirSortedDistribution()
    {
        // Top-k leaves tokens 7, 1, 4, 0 and 9; without the last of them they hold 0.96 of it.
        int[] ranking = LogitRows.Ranking(Row)[..5];
        double[] probabilities = SelectorRun.Normalize([.. ranking.Select(token => Math.Exp(Row[token]))]);
        double mass = 0;
        int[] nucleus = [.. ranking.Take(1 + probabilities.TakeWhile(p => (mass += p) < 0.93).Count())];
        double[] expected = SelectorRun.Normalize([.. Row.Select((logit, token) => nucleus.Contains(token) ? Math.Exp(logit / 0.7) : 0)]);

        Assert.Equal([0, 1, 4, 7], nucleus.Order());
        AssertFollows(expected, SamplerPipeline.Create(s => s.TopK(5).TopP(0.93).Temperature(0.7)));
    }

    [Fact]
    public void Choose_PenaltiesMinPTemperature_FollowTheirFormula()
    {
        double[] logits = [.. Row.Select((logit, token) => token == 1 ? logit - 1.0 : logit)];
        double[] expected = SelectorRun.Normalize([.. logits.Select(logit => logit >= 3 + Math.Log(0.2) ? Math.Exp(logit / 1.5) : 0)]);

        AssertFollows(expected, SamplerPipeline.Create(s => s.LogitBias(new Dictionary<int, double> { [1] = -1 }).MinP(0.2).Temperature(1.5)));
    }

    [Fact]
    public void Choose_SameSeed_SameDraws()
    {
        int[] draws = SelectorRun.Draw(SamplerPipeline.Balanced, FixedRow, 50, seed: 5);

        Assert.Equal(draws, SelectorRun.Draw(SamplerPipeline.Balanced, FixedRow, 50, seed: 5));
        Assert.NotEqual(draws, SelectorRun.Draw(SamplerPipeline.Balanced, FixedRow, 50, seed: 6));
    }

    /// <summary>The tokens come from an implementation of xoshiro256** and of the stages in another language.</summary>
    [Fact]
    public void Choose_Seed42_StreamIsFixed()
    {
        Assert.Equal(
            [8, 38, 68, 90, 98, 79, 70, 87, 76, 60, 68, 30, 79, 30, 68, 90, 60, 87, 68, 68],
            SelectorRun.Draw(new SamplerPipeline([]), FixedRow, 20, seed: 42));
        Assert.Equal(
            [8, 38, 68, 90, 98, 79, 73, 87, 79, 60, 68, 30, 79, 30, 68, 90, 60, 87, 68, 68],
            SelectorRun.Draw(SamplerPipeline.Balanced, FixedRow, 20, seed: 42));
    }

    [Fact]
    public void Choose_OneTokenAfterTheOther_UsesOneRandomNumberEach() =>
        Gen.Select(Gen.Float[-3, 3].Array[1, 300], Gen.ULong[0, 1000]).Sample((row, seed) =>
        {
            var random = new Xoshiro256(seed);
            double[] probabilities = StageRun.Softmax(row);
            double[] cumulative = new double[row.Length + 1];
            for (int token = 0; token < row.Length; token++)
            {
                cumulative[token + 1] = cumulative[token] + probabilities[token];
            }

            foreach (int token in SelectorRun.Draw(new SamplerPipeline([]), row, 30, seed))
            {
                Assert.InRange(random.NextDouble(), cumulative[token] - 1e-6, cumulative[token + 1] + 1e-6);
            }
        });

    private static void AssertFollows(double[] expected, SamplerPipeline pipeline)
    {
        int[] counts = new int[Row.Length];
        foreach (int token in SelectorRun.Draw(pipeline, Row, 100_000, seed: 11))
        {
            counts[token]++;
        }

        Assert.InRange(Statistics.ChiSquare(counts, expected), 0, Statistics.ChiSquareLimit(expected.Count(p => p > 0) - 1));
    }
}
