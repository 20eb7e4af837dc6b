using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Keeps the most probable tokens as long as their share of the entropy stays within a bound.</summary>
/// <remarks>
/// Among the n most probable tokens, with probabilities p_i that sum to 1 over them and H = −Σ p_i ln p_i, keeps the longest run from the top for which
/// −Σ p_i ln p_i ≤ h · H, and at least one token. So a sure model is cut to little and an unsure one keeps much. Source: Potraghloo et al. 2025,
/// "Top-H Decoding: Adapting the Creativity and Coherence with Bounded Entropy in Text Generation"; reference: transformers' <c>TopHLogitsWarper</c>.
/// </remarks>
public sealed record TopHStage : SamplerStage
{
    internal const string TypeName = "top_h";

    /// <summary>Creates the stage.</summary>
    /// <param name="h">The share h of the entropy. Range: 0 (the most probable token) to 1; the paper uses 0.4.</param>
    /// <param name="n">How many tokens are considered. Default: 100, as in the reference. Range: 1 and more.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public TopHStage(double h, int n = 100)
    {
        H = SamplerRange.Between(h, 0, 1, TypeName);
        N = SamplerRange.AtLeast(n, 1, "top_h_candidates");
    }

    /// <summary>The share of the entropy.</summary>
    [JsonPropertyName("top_h")]
    public double H { get; }

    /// <summary>How many tokens are considered.</summary>
    [JsonPropertyName("top_h_candidates")]
    public int N { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 120;

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        candidates.KeepTop(N);
        candidates.KeepFinite();
        double total = candidates.Weigh(out ReadOnlySpan<float> weights);
        Span<float> terms = candidates.Workspace.Weights(weights.Length);
        float largest = candidates.Largest;
        double logTotal = Math.Log(total);
        double entropy = 0;
        for (int index = 0; index < terms.Length; index++)
        {
            double term = terms[index] / total * (logTotal - ((double)candidates.Logits[index] - largest));
            terms[index] = (float)term;
            entropy += terms[index];
        }

        Span<float> keys = candidates.Workspace.Keys(terms.Length);
        TensorPrimitives.Negate(candidates.Logits, keys);
        MassFilter.Apply(ref candidates, keys, terms, new MassRule(H * entropy, MustExceed: true, KeepCrossing: false, KeepTies: false, MinKeep: 1));
    }
}
