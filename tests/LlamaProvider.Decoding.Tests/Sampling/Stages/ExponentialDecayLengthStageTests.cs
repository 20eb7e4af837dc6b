using CsCheck;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

/// <summary>Token 2 of the vocabulary ends a generation.</summary>
public sealed class ExponentialDecayLengthStageTests
{
    [Fact]
    public void Apply_AnyLength_IsTheFormulaOnTheEndAlone() =>
        Gen.Select(Gen.Float[-20, 20], Gen.Int[0, 20], Gen.Double[0.5, 1.5], Gen.Int[0, 40], Gen.Int[0, 40]).Sample((end, start, factor, answer, prompt) =>
        {
            float[] after = StageRun.Apply(new ExponentialDecayLengthStage(start, factor), [1, -1, end, 3], new int[prompt + answer], prompt);
            double expected = answer > start ? end + (Math.Abs(end) * (Math.Pow(factor, answer - start) - 1)) : end;

            Assert.Equal([1, -1, 3], new[] { after[0], after[1], after[3] });
            Assert.Equal(expected, after[2], 1e-4 * Math.Max(1, Math.Abs(expected)));
        });

    [Theory]
    [InlineData(5f, float.MaxValue)]
    [InlineData(-5f, float.MaxValue)]
    [InlineData(0f, 0f)]
    public void Apply_GrowthBeyondTheRange_KeepsTheEnd(float end, float expected) =>
        Assert.Equal(expected, StageRun.Apply(new ExponentialDecayLengthStage(0, 10), [1, 1, end], new int[400])[2]);

    [Fact]
    public void Apply_MaskedEnd_StaysMasked() =>
        Assert.Equal([0, 1], StageRun.Kept(StageRun.Apply(new ExponentialDecayLengthStage(0, 2), [1, 1, float.NegativeInfinity], new int[4])));
}
