using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Keeps the tokens whose logit is within n standard deviations of the largest.</summary>
/// <remarks>
/// Keeps l_i ≥ max l − n · σ, with σ = √(Σ(l_i − mean l)² / count) over the candidates. The noise of a model is roughly normal in the logits, so the tokens that
/// mean something stand out of it whatever the temperature. Source: Tang et al. 2024, "Top-nσ: Not All Logits Are You Need"; reference: llama.cpp.
/// </remarks>
public sealed record TopNSigmaStage : SamplerStage
{
    internal const string TypeName = "top_n_sigma";

    /// <summary>Creates the stage.</summary>
    /// <param name="n">How many standard deviations. Range: above 0; the paper uses 1.</param>
    /// <exception cref="InvalidSamplerException">The value is out of its range.</exception>
    [JsonConstructor]
    public TopNSigmaStage(double n) => N = SamplerRange.Positive(n, "top_n_sigma");

    /// <summary>How many standard deviations.</summary>
    [JsonPropertyName("top_n_sigma")]
    public double N { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 50;

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        float threshold = (float)(candidates.Largest - (N * Moments.Of(candidates.Logits).StandardDeviation));

        // Logits at both ends of a float's range have sums that are no number; nothing stands out of such a spread.
        candidates.KeepAtLeast(float.IsNaN(threshold) ? float.MinValue : threshold);
    }
}
