using System.Buffers;
using System.Numerics.Tensors;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>Draws a token with probability softmax(logits / T).</summary>
/// <remarks>
/// With m the largest logit, the weights w_i = exp((l_i − m) / T) lie in (0, 1] and at least one is 1, so their sum neither overflows nor vanishes.
/// A uniform u in [0, Σw) then selects the first i with w_0 + … + w_i &gt; u.
/// </remarks>
internal sealed class TemperatureSelector(float temperature, ulong seed) : ITokenSelector
{
    private readonly GreedySelector _greedy = new();
    private Xoshiro256 _random = new(seed);

    public int Select(ReadOnlySpan<float> logits)
    {
        int best = _greedy.Select(logits);
        float[] rented = ArrayPool<float>.Shared.Rent(logits.Length);
        try
        {
            Span<float> weights = rented.AsSpan(0, logits.Length);
            TensorPrimitives.Subtract(logits, logits[best], weights);
            TensorPrimitives.Divide(weights, temperature, weights);
            TensorPrimitives.Exp(weights, weights);
            return Draw(weights, best);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private int Draw(ReadOnlySpan<float> weights, int best)
    {
        double total = 0;
        foreach (float weight in weights)
        {
            total += float.IsFinite(weight) ? weight : 0;
        }

        double remaining = _random.NextDouble() * total;
        for (int token = 0; token < weights.Length; token++)
        {
            float weight = weights[token];
            if (float.IsFinite(weight))
            {
                remaining -= weight;
                if (remaining < 0)
                {
                    return token;
                }
            }
        }

        // Only rounding of the last subtractions can lead here.
        return best;
    }
}
