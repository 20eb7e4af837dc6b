using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Removes the tokens less probable than a bound η that shrinks when the model is unsure.</summary>
/// <remarks>
/// η = min(ε, √ε · exp(−H)) with the entropy H in nats; then as <see cref="EpsilonCutoffStage"/> with η. Source: Hewitt et al. 2022, "Truncation Sampling as
/// Language Model Desmoothing"; reference: transformers' <c>eta_cutoff</c>.
/// </remarks>
public sealed record EtaCutoffStage : SamplerStage
{
    internal const string TypeName = "eta_cutoff";

    /// <summary>Creates the stage.</summary>
    /// <param name="epsilon">The probability ε. Range: 0 (all) to 1; the paper uses 0.0003 to 0.002.</param>
    /// <param name="minKeep">How many tokens are kept at least. Default: 1. Range: 1 and more.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public EtaCutoffStage(double epsilon, int minKeep = 1)
    {
        Epsilon = SamplerRange.Between(epsilon, 0, 1, TypeName);
        MinKeep = SamplerRange.AtLeast(minKeep, 1, "min_keep");
    }

    /// <summary>The probability ε.</summary>
    [JsonPropertyName("eta_cutoff")]
    public double Epsilon { get; }

    /// <summary>How many tokens are kept at least.</summary>
    [JsonPropertyName("min_keep")]
    public int MinKeep { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 110;

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        if (Epsilon > 0)
        {
            double total = candidates.Weigh(out ReadOnlySpan<float> weights);
            float largest = candidates.Largest;
            double entropy = Math.Log(total) - (Softmax.WeightedSum(candidates.Logits, largest, weights) / total);
            double eta = Math.Min(Epsilon, Math.Sqrt(Epsilon) * Math.Exp(-entropy));
            candidates.KeepAtLeast(largest + (float)Math.Log(eta * total), MinKeep);
        }
    }
}
