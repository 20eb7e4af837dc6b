using CsCheck;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class TopHStageTests
{
    /// <summary>Of sums of entropies in nats.</summary>
    private const double Rounding = 1e-5;

    [Fact]
    public void Apply_AnyRow_KeepsTheRunWithinItsShareOfTheEntropy() =>
        Gen.Select(LogitRows.Any, Gen.Double[0.001, 0.999], Gen.Int[1, 150], Gen.Bool).Sample(
            (row, h, n, asList) => LogitRows.AssertBetween(
                Expected(row, h, n, -Rounding), StageRun.Kept(new TopHStage(h, n), row, asList), Expected(row, h, n, Rounding)),
            iter: 1000);

    [Fact]
    public void Apply_HZero_KeepsTheMostProbable() => Assert.Equal([1], StageRun.Kept(new TopHStage(0), [1, 2, 2, 0]));

    [Fact]
    public void Apply_ShareOfEqualTokens_KeepsThatShareAndTheLowest() => Assert.Equal([0, 1, 2], StageRun.Kept(new TopHStage(0.39), new float[8]));

    [Fact]
    public void Apply_FewConsidered_RemovesTheOthers() => Assert.Equal([1, 2], StageRun.Kept(new TopHStage(1, n: 2), [0, 3, 2, 1]));

    [Fact]
    public void Apply_LogitsFartherApartThanAFloatReaches_KeepsTheShare() =>
        Assert.Equal([1], StageRun.Kept(new TopHStage(0.6), [float.MinValue, float.MaxValue, float.MaxValue, float.NegativeInfinity]));

    private static int[] Expected(float[] row, double h, int n, double rounding)
    {
        int[] considered = LogitRows.First(LogitRows.Ranking(row), n);
        double[] probabilities = StageRun.Softmax([.. considered.Select(token => row[token])]);
        double bound = (h * LogitRows.Entropy(probabilities)) + rounding;
        double entropy = 0;
        int count = probabilities.TakeWhile(p => (entropy += LogitRows.Entropy([p])) <= bound).Count();
        return LogitRows.First(considered, Math.Max(1, count));
    }
}
