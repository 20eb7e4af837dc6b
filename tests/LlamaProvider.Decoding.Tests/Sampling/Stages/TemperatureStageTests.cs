using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class TemperatureStageTests
{
    [Fact]
    public void Apply_AnyRow_RaisesProbabilitiesToTheInverse() =>
        Gen.Select(LogitRows.Any, Gen.Double[-2, 2].Select(power => Math.Pow(10, power)), Gen.Bool).Sample((row, temperature, asList) =>
        {
            float[] after = StageRun.Apply(new SamplerPipeline(asList ? [new EpsilonCutoffStage(1e-300), new TemperatureStage(temperature)] : [new TemperatureStage(temperature)]), row);
            double largest = row.Where(float.IsFinite).Max();
            double[] powers = [.. row.Select(logit => float.IsFinite(logit) ? Math.Exp((logit - largest) / temperature) : 0)];

            Assert.Equal(LogitRows.Ranking(row).Order(), StageRun.Kept(after));
            Assert.All(powers.Zip(StageRun.Softmax(after)), pair => Assert.Equal(pair.First / powers.Sum(), pair.Second, 1e-3 * Math.Max(pair.Second, 1e-3)));
        });

    [Fact]
    public void Apply_One_ChangesNothing() => LogitRows.Any.Sample(row =>
        Assert.Equal(row.Select(logit => float.IsFinite(logit) ? logit : float.NaN), StageRun.Apply(new TemperatureStage(1), row).Select(logit => float.IsFinite(logit) ? logit : float.NaN)));

    [Fact]
    public void Apply_Zero_KeepsTheLowestOfTheLargest() => LogitRows.Any.Sample(row =>
        Assert.Equal(LogitRows.Ranking(row)[..1], StageRun.Kept(new TemperatureStage(0), row)));

    [Fact]
    public void Apply_AnyTemperature_KeepsTheOrder() =>
        Gen.Select(Gen.OneOf(LogitRows.Any, LogitRows.Extreme), Gen.Double[-45, 38].Select(power => Math.Pow(10, power))).Sample(
            (row, temperature) =>
            {
                float[] after = StageRun.Apply(new TemperatureStage(temperature), row);
                int[] kept = StageRun.Kept(after);
                int[] ranking = LogitRows.Ranking(row);

                Assert.Contains(ranking[0], kept);
                Assert.Equal(kept.Max(token => after[token]), after[ranking[0]]);
                float[] ranked = [.. ranking.Where(kept.Contains).Select(token => after[token])];
                Assert.Equal(ranked.OrderDescending(), ranked);
            },
            iter: 1000);

    [Fact]
    public void Apply_TemperatureBeyondTheRangeOfAFloat_LeavesMaskedTokensMasked()
    {
        SamplerPipeline pipeline = SamplerPipeline.Create(s => s
            .TopK(3).LogitBias(new Dictionary<int, double> { [2] = double.NegativeInfinity }).Temperature(1e300).TopP(0.6));

        Assert.Equal([1, 3], StageRun.Kept(StageRun.Apply(pipeline, [1, 2, 9, 2])));
    }

    [Theory]
    [InlineData(3e38f, -3e38f)]
    [InlineData(-3e38f, float.MinValue)]
    [InlineData(float.MaxValue, 0)]
    public void Apply_ExtremeLogits_NeitherOverflowNorVanish(float larger, float smaller)
    {
        double[] probabilities = StageRun.Softmax(StageRun.Apply(new TemperatureStage(0.01), [smaller, larger, float.PositiveInfinity]));

        Assert.Equal([0, 1, 0], probabilities);
    }
}
