using CsCheck;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class TopNSigmaStageTests
{
    [Fact]
    public void Apply_AnyRow_KeepsWhatIsWithinNDeviationsOfTheLargest() =>
        Gen.Select(LogitRows.Any, Gen.Double[0.01, 4], Gen.Bool).Sample(
            (row, n, asList) => LogitRows.AssertBetween(Expected(row, n, 1e-4), StageRun.Kept(new TopNSigmaStage(n), row, asList), Expected(row, n, -1e-4)),
            iter: 1000);

    [Fact]
    public void Apply_EqualTokens_KeepsAll() => Assert.Equal([0, 1, 2], StageRun.Kept(new TopNSigmaStage(0.01), [2, 2, 2]));

    [Fact]
    public void Apply_MaskedTokens_DoNotCountInTheDeviation()
    {
        // The deviation of 0, 1 and 5 is 2.16; with masked tokens as numbers it would be another.
        Assert.Equal([2], StageRun.Kept(new TopNSigmaStage(1.8), [0, float.NegativeInfinity, 5, 1, float.NaN]));
        Assert.Equal([2, 3], StageRun.Kept(new TopNSigmaStage(1.9), [0, float.NegativeInfinity, 5, 1, float.NaN]));
    }

    [Fact]
    public void Apply_DeviationBeyondTheRangeOfAFloat_KeepsAll()
    {
        float[] row = new float[32];
        (row[0], row[16], row[1], row[17]) = (3e38f, 3e38f, -3e38f, -3e38f);

        Assert.Equal(32, StageRun.Kept(new TopNSigmaStage(1), row).Length);
    }

    private static int[] Expected(float[] row, double n, double rounding)
    {
        double[] finite = [.. row.Where(float.IsFinite).Select(logit => (double)logit)];
        double mean = finite.Average();
        double threshold = finite.Max() - (n * Math.Sqrt(finite.Average(logit => Math.Pow(logit - mean, 2))));
        return [.. LogitRows.Ranking(row).Where(token => row[token] >= threshold + rounding || row[token] == finite.Max())];
    }
}
