using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Divides the logits by a temperature that follows the model's uncertainty: low when it is sure, high when it is not.</summary>
/// <remarks>
/// T = T_min + (T_max − T_min) · (H / ln n)^e with the entropy H of the n candidates, T_min = max(0, T₀ − r) and T_max = T₀ + r. Source: kalomaze,
/// "Dynamic Temperature" (koboldcpp, 2023); reference: llama.cpp's <c>temp-ext</c>. Deviation: only tokens that are candidates count in n; upstream counts masked ones.
/// </remarks>
public sealed record DynamicTemperatureStage : SamplerStage
{
    internal const string TypeName = "dynamic_temperature";

    /// <summary>Creates the stage.</summary>
    /// <param name="temperature">The middle T₀ of the range. Range: 0 and more.</param>
    /// <param name="range">How far r the temperature moves from the middle. Range: 0 (not at all) and more.</param>
    /// <param name="exponent">The exponent e. Default: 1. Range: 0 and more.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public DynamicTemperatureStage(double temperature, double range, double exponent = 1)
    {
        Temperature = SamplerRange.AtLeast(temperature, 0, "temperature");
        Range = SamplerRange.AtLeast(range, 0, "dynatemp_range");
        Exponent = SamplerRange.AtLeast(exponent, 0, "dynatemp_exponent");
    }

    /// <summary>The middle of the range.</summary>
    [JsonPropertyName("temperature")]
    public double Temperature { get; }

    /// <summary>How far the temperature moves from the middle.</summary>
    [JsonPropertyName("dynatemp_range")]
    public double Range { get; }

    /// <summary>The exponent.</summary>
    [JsonPropertyName("dynatemp_exponent")]
    public double Exponent { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 150;

    internal override string Kind => TemperatureStage.TypeName;

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        if (Range == 0)
        {
            TemperatureStage.Apply(ref candidates, (float)Temperature);
            return;
        }

        candidates.KeepFinite();
        if (candidates.Count > 1)
        {
            double total = candidates.Weigh(out ReadOnlySpan<float> weights);
            double entropy = Math.Log(total) - (Softmax.WeightedSum(candidates.Logits, candidates.Largest, weights) / total);
            double least = Math.Max(0, Temperature - Range);
            double share = Math.Clamp(entropy / Math.Log(candidates.Count), 0, 1);
            TemperatureStage.Apply(ref candidates, (float)(least + ((Temperature + Range - least) * Math.Pow(share, Exponent))));
        }
    }
}
