using CsCheck;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class DynamicTemperatureStageTests
{
    /// <summary>Of an entropy in nats.</summary>
    private const double EntropyRounding = 1e-6;

    [Fact]
    public void Apply_AnyRow_DividesByTheTemperatureOfItsEntropy() =>
        Gen.Select(LogitRows.Any.Where(row => LogitRows.Ranking(row).Length > 1), Gen.Double[0.2, 2], Gen.Double[0.01, 3], Gen.Double[0, 3]).Sample(
            (row, middle, range, exponent) =>
            {
                double coldest = Temperature(row, -EntropyRounding, middle, range, exponent);
                double warmest = Temperature(row, EntropyRounding, middle, range, exponent);
                if (coldest < 0.05)
                {
                    return;
                }

                float[] after = StageRun.Apply(new DynamicTemperatureStage(middle, range, exponent), row);

                Assert.Equal(LogitRows.Ranking(row).Order(), StageRun.Kept(after));
                Assert.All(StageRun.Kept(after), token => Assert.InRange(
                    Math.Abs(after[token]), (Math.Abs(row[token]) / warmest * (1 - 1e-5)) - 1e-30, (Math.Abs(row[token]) / coldest * (1 + 1e-5)) + 1e-30));
                Assert.All(StageRun.Kept(after), token => Assert.True(Math.Sign(row[token]) * Math.Sign(after[token]) >= 0));
            },
            iter: 1000);

    [Fact]
    public void Apply_RangeZero_IsAPlainTemperature() => LogitRows.Any.Sample(row =>
        Assert.Equal(StageRun.Apply(new TemperatureStage(0.7), row), StageRun.Apply(new DynamicTemperatureStage(0.7, 0), row)));

    [Fact]
    public void Apply_EvenRow_HasTheHighestTemperature() => Assert.Equal(
        [2f, 2f, 2f], StageRun.Apply(new DynamicTemperatureStage(1, 0.5), [3, 3, 3]).Select(logit => MathF.Round(logit, 5)));

    [Fact]
    public void Apply_MaskedTokens_DoNotCountAsCandidates()
    {
        float[] after = StageRun.Apply(new DynamicTemperatureStage(1, 0.5), [3, float.NegativeInfinity, 3, float.NaN, float.PositiveInfinity]);

        Assert.Equal([0, 2], StageRun.Kept(after));
        Assert.Equal(2, after[0], 1e-5);
    }

    [Fact]
    public void Apply_SureModelAndLowestTemperatureZero_LeavesTheMostProbable() =>
        Assert.Equal([0, 1, 0], StageRun.Softmax(StageRun.Apply(new DynamicTemperatureStage(0.5, 1), [0, 500, 0])));

    [Fact]
    public void Apply_OneCandidate_StaysAsItIs() => Assert.Equal(
        [4f, float.NegativeInfinity], StageRun.Apply(new DynamicTemperatureStage(0.5, 0.4), [4, float.NaN]));

    private static double Temperature(float[] row, double rounding, double middle, double range, double exponent)
    {
        double entropy = LogitRows.Entropy(StageRun.Softmax(row)) + rounding;
        double share = Math.Clamp(entropy / Math.Log(LogitRows.Ranking(row).Length), 0, 1);
        double least = Math.Max(0, middle - range);
        return least + ((middle + range - least) * Math.Pow(share, exponent));
    }
}
