using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.Stages;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.TestSupport.Sampling;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class XtcStageTests
{
    private static readonly float[] Row = [.. new[] { 0.1, 0.4, 0.2, 0.3 }.Select(p => (float)Math.Log(p))];

    [Fact]
    public void Apply_AnyRow_RemovesAllTopChoicesButTheLeast() =>
        Gen.Select(LogitRows.Any, Gen.Double[0.0001, 0.5], Gen.Int[1, 30], Gen.Bool).Sample(
            (row, threshold, minKeep, asList) =>
            {
                int[] kept = StageRun.Kept(new XtcStage(1, threshold, minKeep), row, asList);

                Assert.Contains(kept, new[] { Expected(row, threshold * (1 - 1e-5), minKeep), Expected(row, threshold * (1 + 1e-5), minKeep) });
            },
            iter: 1000);

    [Theory]
    [InlineData(0.15, new[] { 0, 2 })]
    [InlineData(0.25, new[] { 0, 2, 3 })]
    [InlineData(0.35, new[] { 0, 1, 2, 3 })]
    [InlineData(0.0, new[] { 0 })]
    public void Apply_Thresholds_LeaveTheLeastTopChoiceAndAllBelow(double threshold, int[] kept) =>
        Assert.Equal(kept, StageRun.Kept(new XtcStage(1, threshold), Row));

    [Fact]
    public void Apply_EquallyLeastProbable_KeepsTheLowest() => Assert.Equal([1, 3], StageRun.Kept(new XtcStage(1, 0.1), [3, 2, 2, -9]));

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    public void Apply_MinKeep_DoesNotActWhenFewerWouldBeLeft(int minKeep, int kept) => Assert.Equal(kept, StageRun.Kept(new XtcStage(1, 0.15, minKeep), Row).Length);

    [Fact]
    public void Apply_ManySeeds_ActsWithItsProbability()
    {
        int acted = Enumerable.Range(0, 10_000).Count(seed => StageRun.Kept(StageRun.Apply(new XtcStage(0.3, 0.15), Row, seed: (ulong)seed)).Length == 2);

        Assert.InRange(Statistics.ChiSquare([acted, 10_000 - acted], [0.3, 0.7]), 0, Statistics.ChiSquareLimit(1));
    }

    [Theory]
    [InlineData(1e-9, 1)]
    [InlineData(0.5, 1)]
    [InlineData(1.0, 1)]
    [InlineData(0.0, 0)]
    public void Apply_AnyRow_DrawsOneNumberOrNoneWhenItNeverActs(double probability, int draws) => LogitRows.Any.Sample(row =>
    {
        var bound = new BoundPipeline(new SamplerPipeline([new XtcStage(probability)]), new SamplerBinding(StageRun.Numbers(row.Length)), new SamplerWorkspacePool());
        SamplerState state = bound.CreateState([], seed: 4, rollbackTokens: 0);
        var candidates = new Candidates(row, new SamplerWorkspace());
        bound.Run(ref candidates, state);

        var expected = new Xoshiro256(4);
        for (int draw = 0; draw < draws; draw++)
        {
            expected.NextDouble();
        }

        Assert.Equal(expected.NextUInt64(), state.Memory.Random.NextUInt64());
    });

    private static int[] Expected(float[] row, double threshold, int minKeep)
    {
        double[] probabilities = StageRun.Softmax(row);
        int[] all = [.. LogitRows.Ranking(row).Order()];
        int[] top = [.. all.Where(token => probabilities[token] >= threshold)];
        if (top.Length < 2)
        {
            return all;
        }

        int least = top.MinBy(token => (row[token], token));
        int[] left = [.. all.Where(token => token == least || !top.Contains(token))];
        return left.Length < minKeep ? all : left;
    }
}
