using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
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

    /// <summary>Whether a token is the lowest whose cumulative probability exceeds a number, but for rounding.</summary>
    public static bool Draws(double[] probabilities, int token, double number)
    {
        double before = probabilities.AsSpan(0, token).ToArray().Sum();
        return probabilities[token] > 0 && number >= before - Rounding && number <= before + probabilities[token] + Rounding;
    }

    /// <summary>
    /// Runs a selector that keeps the surprise near τ and asserts that each token is drawn from a truncation that belongs to μ, and that μ is updated by its surprise.
    /// </summary>
    /// <param name="pipeline">The selector.</param>
    /// <param name="row">The logits of every step.</param>
    /// <param name="count">Steps.</param>
    /// <param name="tau">The target.</param>
    /// <param name="eta">The learning rate.</param>
    /// <param name="truncations">The distributions that belong to a μ; several where rounding decides.</param>
    /// <returns>The surprises.</returns>
    public static double[] AssertMirostat(SamplerPipeline pipeline, float[] row, int count, double tau, double eta, Func<double, double[][]> truncations)
    {
        var bound = new BoundPipeline(pipeline, new SamplerBinding(StageRun.Numbers(row.Length)), new SamplerWorkspacePool());
        SamplerState state = bound.CreateState([], seed: 1, rollbackTokens: 0);
        var random = new Xoshiro256(1);
        Assert.Equal(2 * tau, state.Memory.Mu);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            double mu = state.Memory.Mu;
            int token = bound.Choose(row, state);
            double number = random.NextDouble();
            double[]? source = truncations(mu).FirstOrDefault(probabilities =>
                Draws(probabilities, token, number) && Math.Abs(mu - (eta * (-Math.Log2(probabilities[token]) - tau)) - state.Memory.Mu) < 1e-5);
            Assert.True(source is not null, $"{number} does not draw token {token} at μ = {mu}, or the next μ is not {state.Memory.Mu}.");
            return -Math.Log2(source[token]);
        })];
    }

    public static double[] Normalize(double[] weights)
    {
        double total = weights.Sum();
        return [.. weights.Select(weight => weight / total)];
    }
}
