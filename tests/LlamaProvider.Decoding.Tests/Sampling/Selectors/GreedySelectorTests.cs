using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.TestSupport.Sampling;

namespace LlamaProvider.Decoding.Tests.Sampling.Selectors;

public sealed class GreedySelectorTests
{
    [Fact]
    public void Choose_AnyRow_IsTheLowestOfTheLargest() => Gen.OneOf(LogitRows.Any, LogitRows.Extreme).Sample(
        row => Assert.Equal(LogitRows.Ranking(row)[0], TestSamplers.Greedy(StageRun.Numbers(row.Length), []).Choose(row)), iter: 500);

    [Fact]
    public void Choose_AfterStages_IsTheLargestOfWhatIsLeft() => Assert.Equal(
        [3], SelectorRun.Draw(SamplerPipeline.Create(s => s.LogitBias(new Dictionary<int, double> { [1] = -5 }).TopK(2).Greedy()), [1, 9, 2, 5], count: 1));

    [Fact]
    public void Choose_AnyRow_DrawsNothing()
    {
        var bound = new BoundPipeline(SamplerPipeline.Deterministic, new SamplerBinding(StageRun.Numbers(3)), new SamplerWorkspacePool());
        SamplerState state = bound.CreateState([], seed: 6, rollbackTokens: 0);
        bound.Choose([1, 2, 3], state);

        var untouched = new Xoshiro256(6);
        Assert.Equal(untouched.NextUInt64(), state.Memory.Random.NextUInt64());
    }
}
