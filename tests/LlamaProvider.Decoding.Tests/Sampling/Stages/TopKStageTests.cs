using CsCheck;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class TopKStageTests
{
    [Fact]
    public void Apply_AnyRow_KeepsTheFrontOfASort() =>
        Gen.Select(LogitRows.Any, Gen.Int[1, 700], Gen.Bool).Sample((row, k, asList) => Assert.Equal(
            LogitRows.First(LogitRows.Ranking(row), k).Order(), StageRun.Kept(new TopKStage(k), row, asList)));

    [Fact]
    public void Apply_KeepTies_KeepsAllThatEqualTheLast() =>
        Gen.Select(LogitRows.Any, Gen.Int[1, 700], Gen.Bool).Sample((row, k, asList) =>
        {
            int[] ranking = LogitRows.Ranking(row);
            float last = row[LogitRows.First(ranking, k)[^1]];
            Assert.Equal(ranking.Where(token => row[token] >= last).Order(), StageRun.Kept(new TopKStage(k, keepTies: true), row, asList));
        });

    [Fact]
    public void Apply_Ties_KeepsTheLowestTokens() => Assert.Equal([1, 2, 4], StageRun.Kept(new TopKStage(3), [0, 1, 2, 0, 1, 1]));

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void Apply_ZeroOrNoFewerThanThereAre_KeepsAll(int k) => Assert.Equal([0, 1, 3], StageRun.Kept(new TopKStage(k), [1, 5, float.NaN, 2]));
}
