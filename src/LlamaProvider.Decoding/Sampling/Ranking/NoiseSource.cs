using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling.Ranking;

/// <summary>Gumbel noise, which makes a ranking a draw without replacement. One thread at a time.</summary>
/// <param name="seed">Of the draws.</param>
internal sealed class NoiseSource(ulong seed)
{
    private Xoshiro256 _random = new(seed);

    /// <summary>Writes each finite score with noise of its own; other scores stay out of the ranking.</summary>
    public ReadOnlySpan<float> AddTo(ReadOnlySpan<float> scores, Span<float> destination)
    {
        for (int index = 0; index < scores.Length; index++)
        {
            destination[index] = float.IsFinite(scores[index]) ? scores[index] - (float)Math.Log(-Math.Log(_random.NextDouble())) : float.NegativeInfinity;
        }

        return destination;
    }
}
