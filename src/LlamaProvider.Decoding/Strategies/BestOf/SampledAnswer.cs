namespace LlamaProvider.Decoding.Strategies.BestOf;

/// <summary>One of the answers that were drawn.</summary>
/// <param name="Tokens">Its tokens, without the one that ends it.</param>
/// <param name="LogProbabilities">What the model gives each of them, and the end where it was chosen.</param>
/// <param name="End">How it ended.</param>
internal sealed record SampledAnswer(int[] Tokens, double[] LogProbabilities, GenerationEnd End)
{
    /// <summary>Its number among those that were drawn, from 0.</summary>
    public int Draw { get; init; }

    /// <summary>The mean of <see cref="LogProbabilities"/>: how likely the answer is, whatever its length.</summary>
    public double Likelihood => LogProbabilities.Length > 0 ? LogProbabilities.Average() : double.NegativeInfinity;
}
