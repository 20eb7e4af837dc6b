using System.Runtime.Intrinsics;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Drafts;

/// <summary>Speculative sampling of one token: a token that was drawn from q becomes one that is distributed as p.</summary>
/// <remarks>
/// <para>
/// Draw x from q. Accept it with probability min(1, p(x) / q(x)), else draw from the residual r(y) = max(0, p(y) − q(y)) / Σ max(0, p − q). Then
/// P(y) = q(y) min(1, p(y)/q(y)) + (1 − Σ min(p, q)) r(y) = min(p(y), q(y)) + max(0, p(y) − q(y)) = p(y), since 1 − Σ min(p, q) = Σ max(0, p − q). A token is accepted with
/// probability Σ min(p, q). Source: Leviathan et al. 2023, "Fast Inference from Transformers via Speculative Decoding"; Chen et al. 2023.
/// </para>
/// <para>
/// Where q is one token d for certain, that is: accept d with probability p(d), else draw from p without d. Drawing y from p and accepting d where y = d is the same,
/// and it takes the random numbers that a choice without a draft takes.
/// </para>
/// </remarks>
internal static class RejectionSampling
{
    /// <summary>The probability with which a drawn token is accepted.</summary>
    /// <param name="p">Its probability where it is to be distributed as.</param>
    /// <param name="q">Its probability where it was drawn from.</param>
    public static double Acceptance(double p, double q) => p <= 0 ? 0 : q > p ? p / q : 1;

    /// <summary>Replaces the weights of p by those of the residual, in any scale.</summary>
    /// <param name="tokens">The tokens of p, ascending.</param>
    /// <param name="weights">Their weights; afterwards max(0, p − q), times <paramref name="total"/>.</param>
    /// <param name="total">The sum of the weights.</param>
    /// <param name="q">What the rejected token was drawn from.</param>
    /// <param name="blockSums">Receives the sum of each block of <see cref="Softmax.Block"/> weights.</param>
    /// <returns>The sum of all weights.</returns>
    public static double ToResidual(ReadOnlySpan<int> tokens, Span<float> weights, double total, DraftDistribution q, Span<double> blockSums)
    {
        ReadOnlySpan<float> drawn = q.WeightsOf(tokens);
        float scale = (float)(total / q.Total);
        double residual = 0;
        for (int block = 0; block < blockSums.Length; block++)
        {
            int start = block * Softmax.Block;
            int length = Math.Min(Softmax.Block, weights.Length - start);
            blockSums[block] = SubtractBlock(weights.Slice(start, length), drawn.Slice(start, length), scale);
            residual += blockSums[block];
        }

        return residual;
    }

    /// <summary>Subtracts in 16 lanes whatever the processor's width, as <see cref="Softmax"/> does, so that the same rows give the same draws on every machine.</summary>
    private static double SubtractBlock(Span<float> weights, ReadOnlySpan<float> drawn, float scale)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        Vector512<float> scales = Vector512.Create(scale);
        int index = 0;
        for (; index <= weights.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            Vector512<float> left = Vector512.Create<float>(weights[index..]) - (scales * Vector512.Create<float>(drawn[index..]));
            left = Vector512.Max(left, Vector512<float>.Zero);
            left.CopyTo(weights[index..]);
            sum += left;
        }

        double total = Vector512.Sum(sum);
        for (; index < weights.Length; index++)
        {
            weights[index] = Math.Max(0, weights[index] - (scale * drawn[index]));
            total += weights[index];
        }

        return total;
    }
}
