using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Keeps the tokens that are at least a share p as probable as the most probable one.</summary>
/// <remarks>
/// p_i ≥ p · max p is l_i ≥ max l + ln p, so no probability is computed. Source: Nguyen et al. 2024, "Turning Up the Heat: Min-p Sampling"; reference:
/// llama.cpp's <c>min-p</c>.
/// </remarks>
public sealed record MinPStage : SamplerStage
{
    internal const string TypeName = "min_p";

    /// <summary>Creates the stage.</summary>
    /// <param name="p">The share of the largest probability. Range: 0 (all) to 1 (only the most probable).</param>
    /// <param name="minKeep">How many tokens are kept at least. Default: 1. Range: 1 and more.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public MinPStage(double p, int minKeep = 1)
    {
        P = SamplerRange.Between(p, 0, 1, "min_p");
        MinKeep = SamplerRange.AtLeast(minKeep, 1, "min_keep");
    }

    /// <summary>The share of the largest probability.</summary>
    [JsonPropertyName("min_p")]
    public double P { get; }

    /// <summary>How many tokens are kept at least.</summary>
    [JsonPropertyName("min_keep")]
    public int MinKeep { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 90;

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        if (P > 0)
        {
            candidates.KeepAtLeast(candidates.Largest + (float)Math.Log(P), MinKeep);
        }
    }
}
