using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Removes the tokens less probable than ε.</summary>
/// <remarks>
/// Keeps p_i ≥ ε, which is l_i ≥ max l + ln(ε Z) with Z = Σ exp(l_i − max l); the most probable token is always kept. Source: Hewitt et al. 2022,
/// "Truncation Sampling as Language Model Desmoothing"; reference: transformers' <c>epsilon_cutoff</c>.
/// </remarks>
public sealed record EpsilonCutoffStage : SamplerStage
{
    internal const string TypeName = "epsilon_cutoff";

    /// <summary>Creates the stage.</summary>
    /// <param name="epsilon">The probability ε. Range: 0 (all) to 1; the paper uses 0.0003 to 0.0009.</param>
    /// <param name="minKeep">How many tokens are kept at least. Default: 1. Range: 1 and more.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public EpsilonCutoffStage(double epsilon, int minKeep = 1)
    {
        Epsilon = SamplerRange.Between(epsilon, 0, 1, TypeName);
        MinKeep = SamplerRange.AtLeast(minKeep, 1, "min_keep");
    }

    /// <summary>The probability below which tokens are removed.</summary>
    [JsonPropertyName("epsilon_cutoff")]
    public double Epsilon { get; }

    /// <summary>How many tokens are kept at least.</summary>
    [JsonPropertyName("min_keep")]
    public int MinKeep { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 100;

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        if (Epsilon > 0)
        {
            double total = candidates.Weigh(out _);
            candidates.KeepAtLeast(candidates.Largest + (float)Math.Log(Epsilon * total), MinKeep);
        }
    }
}
