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

    /// <summary>Replaces the weights of p by those of the residual.</summary>
    /// <param name="tokens">The tokens of p, ascending.</param>
    /// <param name="weights">Their weights; afterwards max(0, p − q).</param>
    /// <param name="total">The sum of the weights.</param>
    /// <param name="q">What the rejected token was drawn from.</param>
    public static void ToResidual(ReadOnlySpan<int> tokens, Span<float> weights, double total, DraftDistribution q)
    {
        int hint = 0;
        for (int index = 0; index < tokens.Length; index++)
        {
            weights[index] = (float)Math.Max(0, (weights[index] / total) - q.Next(tokens[index], ref hint));
        }
    }
}
