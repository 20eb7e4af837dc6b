using CsCheck;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class MinPStageTests
{
    [Fact]
    public void Apply_AnyRow_KeepsAShareOfTheLargestProbability() =>
        Gen.Select(LogitRows.Any, Gen.Double[0.0001, 1], Gen.Int[1, 20], Gen.Bool).Sample(
            (row, p, minKeep, asList) => LogitRows.AssertBetween(
                Expected(row, p * (1 + 1e-5), minKeep), StageRun.Kept(new MinPStage(p, minKeep), row, asList), Expected(row, p * (1 - 1e-5), minKeep)),
            iter: 1000);

    [Fact]
    public void Apply_POne_KeepsAllThatEqualTheLargest() => Assert.Equal([1, 3], StageRun.Kept(new MinPStage(1), [1, 2, 0, 2]));

    [Fact]
    public void Apply_PZero_KeepsAll() => Assert.Equal([0, 1, 2], StageRun.Kept(new MinPStage(0), [-1e30f, 0, 1e30f]));

    [Fact]
    public void Apply_MinKeepOnTies_KeepsAllThatEqualTheLast() => Assert.Equal([0, 1, 2, 3], StageRun.Kept(new MinPStage(0.9, minKeep: 2), [5, 1, 1, 1, 0]));

    private static int[] Expected(float[] row, double p, int minKeep)
    {
        int[] ranking = LogitRows.Ranking(row);
        float floor = row[LogitRows.First(ranking, minKeep)[^1]];
        return [.. ranking.Where(token => row[token] >= floor || Math.Exp((double)row[token] - row[ranking[0]]) >= p)];
    }
}
