using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Tests.Sampling.Selectors;

public sealed class AdaptivePSelectorTests
{
    /// <summary>Eight tokens; the probability of each is 0.7 times that of the one before.</summary>
    private static readonly float[] Row = [.. Enumerable.Range(0, 8).Select(i => (float)(i * Math.Log(0.7)))];

    [Theory]
    [InlineData(0.15)]
    [InlineData(0.25)]
    public void Choose_ManyDraws_AreTheFormulaAndTheirAverageProbabilityIsNearTheTarget(double target)
    {
        double[] probabilities = StageRun.Softmax(Row);

        // A plain draw has 0.2 on average.
        Assert.Equal(0.2, probabilities.Sum(p => p * p), 0.01);
        Assert.Equal(target, AssertFormula(Row, 3000, target, 0.9).Average(token => probabilities[token]), 0.03);
    }

    [Fact]
    public void Choose_AnyRow_IsTheFormula() =>
        Gen.Select(Gen.Int[-40, 40].Select(i => i / 8f).Array[1, 100], Gen.Double[0, 1], Gen.Double[0, 0.99]).Sample((row, target, decay) =>
            AssertFormula(row, 20, target, decay));

    [Fact]
    public void Choose_MaskedTokens_AreNeverChosen() => Assert.DoesNotContain(
        1, SelectorRun.Draw(SamplerPipeline.Create(s => s.AdaptiveP(0)), [1, float.NegativeInfinity, 1, float.NaN, float.PositiveInfinity], 200).Select(token => token % 2));

    private static int[] AssertFormula(float[] row, int count, double target, double decay)
    {
        double[] original = StageRun.Softmax(row);
        var random = new Xoshiro256(1);
        double weight = 1 / (1 - decay);
        double sum = target * weight;
        int[] tokens = SelectorRun.Draw(SamplerPipeline.Create(s => s.AdaptiveP(target, decay)), row, count);
        foreach (int token in tokens)
        {
            double aim = Math.Clamp((2 * target) - (sum / weight), 0, 1);
            double[] logits = [.. original.Select(p => Math.Abs(p - aim) / 0.3).Select(x => 5 - (10 * x * x / (1 + x)))];
            Assert.True(SelectorRun.Draws(SelectorRun.Normalize([.. logits.Select(Math.Exp)]), token, random.NextDouble()));
            sum = original[token] + (decay * sum);
            weight = 1 + (decay * weight);
        }

        return tokens;
    }
}
