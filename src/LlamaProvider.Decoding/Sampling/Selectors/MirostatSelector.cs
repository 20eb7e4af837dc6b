using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling.Selectors;

/// <summary>Mirostat: keeps the surprise of the chosen tokens near a target by a top-k whose k follows from a fit of Zipf's law.</summary>
/// <remarks>
/// From the m most probable tokens, s = Σ t_i b_i / Σ t_i² with t_i = ln((i + 1) / i) and b_i = ln(p_i / p_(i+1)); with ε = s − 1 and N tokens in the vocabulary,
/// k = ((ε 2^μ) / (1 − N^(−ε)))^(1/s). A token is drawn from the k most probable, its surprise S = −log₂ p observed in that distribution, and
/// μ ← μ − η (S − τ), from μ = 2 τ at the start. Source: Basu et al. 2021, "Mirostat: A Neural Text Decoding Algorithm that Directly Controls
/// Perplexity"; reference: llama.cpp's <c>mirostat</c>. At ε = 0 the limit (2^μ / ln N)^(1/s) is taken.
/// </remarks>
public sealed record MirostatSelector : TokenSelector
{
    internal const string TypeName = "mirostat";

    /// <summary>Creates the selector.</summary>
    /// <param name="tau">The target surprise τ in bits. Default: 5. Range: above 0.</param>
    /// <param name="eta">The learning rate η. Default: 0.1. Range: 0 and more.</param>
    /// <param name="m">Tokens from which s is estimated. Default: 100. Range: 2 and more.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public MirostatSelector(double tau = 5, double eta = 0.1, int m = 100)
    {
        Tau = SamplerRange.Positive(tau, "mirostat_tau");
        Eta = SamplerRange.AtLeast(eta, 0, "mirostat_eta");
        M = SamplerRange.AtLeast(m, 2, "mirostat_m");
    }

    /// <summary>The target surprise in bits.</summary>
    [JsonPropertyName("mirostat_tau")]
    public double Tau { get; }

    /// <summary>The learning rate.</summary>
    [JsonPropertyName("mirostat_eta")]
    public double Eta { get; }

    /// <summary>Tokens from which the law is estimated.</summary>
    [JsonPropertyName("mirostat_m")]
    public int M { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override void Start(ref SelectorMemory memory) => memory.Mu = 2 * Tau;

    internal override void Shape(ref Candidates candidates, in SelectorMemory memory, Vocabulary vocabulary)
    {
        double s = EstimateExponent(candidates);
        double epsilon = s - 1;
        double scale = Math.Abs(epsilon) < 1e-6
            ? Math.Pow(2, memory.Mu) / Math.Log(vocabulary.Count)
            : epsilon * Math.Pow(2, memory.Mu) / (1 - Math.Pow(vocabulary.Count, -epsilon));
        double k = Math.Pow(scale, 1 / s);
        candidates.KeepTop(k >= 1 ? (int)Math.Min(k, int.MaxValue) : 1);
    }

    internal override void Learn(ref SelectorMemory memory, in Candidates candidates, int index, double probability) =>
        memory.Mu -= Eta * (-Math.Log2(probability) - Tau);

    /// <summary>The exponent s; NaN when there is one candidate only, which makes k 1.</summary>
    private double EstimateExponent(in Candidates candidates)
    {
        ReadOnlySpan<int> top = TopSelection.Select(candidates.Logits, M, candidates.Workspace);
        Span<float> logits = candidates.Workspace.Keys(top.Length);
        for (int i = 0; i < top.Length; i++)
        {
            logits[i] = candidates.Logits[top[i]];
        }

        logits.Sort();
        logits.Reverse();
        (double products, double squares) = (0, 0);
        for (int i = 0; i < logits.Length - 1; i++)
        {
            double t = Math.Log((i + 2.0) / (i + 1.0));
            products += t * (logits[i] - logits[i + 1]);
            squares += t * t;
        }

        return products / squares;
    }
}
