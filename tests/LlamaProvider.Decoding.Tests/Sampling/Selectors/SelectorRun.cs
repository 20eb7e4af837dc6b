using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.TestSupport.Sampling;

namespace LlamaProvider.Decoding.Tests.Sampling.Selectors;

/// <summary>Draws of a pipeline, and what given probabilities say about them.</summary>
internal static class SelectorRun
{
    private const double Rounding = 1e-6;

    /// <summary>Logits of Zipf's law: the i-th token is as probable as i to the power of −1.1.</summary>
    public static float[] Zipf { get; } = [.. Enumerable.Range(1, 2000).Select(i => (float)(-1.1 * Math.Log(i)))];

    public static int[] Draw(SamplerPipeline pipeline, float[] row, int count, ulong seed = 1)
    {
        TokenSampler sampler = pipeline.Create(StageRun.Numbers(row.Length), [], seed);
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Choose(row))];
    }

    /// <summary>
    /// Asserts that a token is the lowest whose cumulative probability exceeds a number, in one of several distributions between which rounding may decide.
    /// </summary>
    /// <returns>The distribution that it was drawn from.</returns>
    public static double[] AssertDrawn(int token, double number, params double[][] distributions)
    {
        double[]? source = distributions.FirstOrDefault(probabilities =>
        {
            double before = probabilities.AsSpan(0, token).ToArray().Sum();
            return probabilities[token] > 0 && number >= before - Rounding && number <= before + probabilities[token] + Rounding;
        });
        Assert.True(source is not null, $"{number} does not draw token {token}.");
        return source;
    }

    public static double[] Normalize(double[] weights)
    {
        double total = weights.Sum();
        return [.. weights.Select(weight => weight / total)];
    }
}
