using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Exclude Top Choices: now and then removes all but the least probable of the tokens that are probable enough.</summary>
/// <remarks>
/// With the given probability, of the tokens with p_i ≥ t all but the least probable are removed, if there are at least two. What is left is still
/// plausible but not what the model would say first. Source: p-e-w, text-generation-webui pull request 6335; reference: llama.cpp's <c>xtc</c>. Of
/// equally least probable tokens the lowest stays. One number is drawn for each token, whether there is anything to remove or not; none at probability 0.
/// </remarks>
public sealed record XtcStage : SamplerStage
{
    internal const string TypeName = "xtc";

    /// <summary>Creates the stage.</summary>
    /// <param name="probability">How often it acts. Default: 0.5. Range: 0 (never) to 1 (always).</param>
    /// <param name="threshold">The probability t from which on a token counts as a top choice. Default: 0.1. Range: 0 to 0.5; above, no two tokens can reach it.</param>
    /// <param name="minKeep">It does not act when fewer tokens would be left. Default: 1. Range: 1 and more.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public XtcStage(double probability = 0.5, double threshold = 0.1, int minKeep = 1)
    {
        Probability = SamplerRange.Between(probability, 0, 1, "xtc_probability");
        Threshold = SamplerRange.Between(threshold, 0, 0.5, "xtc_threshold");
        MinKeep = SamplerRange.AtLeast(minKeep, 1, "min_keep");
    }

    /// <summary>How often it acts.</summary>
    [JsonPropertyName("xtc_probability")]
    public double Probability { get; }

    /// <summary>The probability from which on a token counts as a top choice.</summary>
    [JsonPropertyName("xtc_threshold")]
    public double Threshold { get; }

    /// <summary>It does not act when fewer tokens would be left.</summary>
    [JsonPropertyName("min_keep")]
    public int MinKeep { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 130;

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        if (Probability == 0 || context.Random.NextDouble() >= Probability)
        {
            return;
        }

        candidates.KeepFinite();
        double total = candidates.Weigh(out ReadOnlySpan<float> weights);
        float threshold = (float)(Threshold * total);
        (int top, int least) = (0, -1);
        for (int index = 0; index < weights.Length; index++)
        {
            if (weights[index] >= threshold)
            {
                top++;
                least = least < 0 || candidates.Logits[index] < candidates.Logits[least] ? index : least;
            }
        }

        if (top < 2 || candidates.Count - top + 1 < MinKeep)
        {
            return;
        }

        Span<int> kept = candidates.Workspace.Indices(candidates.Count);
        int count = 0;
        for (int index = 0; index < weights.Length; index++)
        {
            if (index == least || !(weights[index] >= threshold))
            {
                kept[count++] = index;
            }
        }

        candidates.Keep(kept[..count]);
    }
}
