using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Divides the logits by a temperature T: below 1 the distribution gets sharper, above 1 flatter.</summary>
/// <remarks>
/// l_i ← l_i / T, hence p_i ∝ p_i^(1/T). At T = 0, the limit, only the most probable token stays (of equal ones the lowest), as in llama.cpp; transformers
/// refuses 0. Where the division would leave the range of a float, the largest logit is first taken from all, which changes no probability.
/// Source: Ackley et al. 1985, "A Learning Algorithm for Boltzmann Machines".
/// </remarks>
public sealed record TemperatureStage : SamplerStage
{
    internal const string TypeName = "temperature";

    /// <summary>Creates the stage.</summary>
    /// <param name="temperature">The temperature T. Range: 0 and more.</param>
    /// <exception cref="InvalidSamplerException">The value is out of its range.</exception>
    [JsonConstructor]
    public TemperatureStage(double temperature) => Temperature = SamplerRange.AtLeast(temperature, 0, TypeName);

    /// <summary>The temperature.</summary>
    [JsonPropertyName("temperature")]
    public double Temperature { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 150;

    internal override void Apply(ref Candidates candidates, in StageContext context) => Apply(ref candidates, (float)Temperature);

    /// <summary>Divides by a temperature.</summary>
    internal static void Apply(ref Candidates candidates, float temperature)
    {
        // Infinity divided by infinity would be NaN.
        temperature = MathF.Min(temperature, float.MaxValue);
        if (temperature == 0)
        {
            candidates.KeepOnly(candidates.IndexOfLargest);
        }
        else if (temperature != 1)
        {
            float largest = candidates.Largest;
            Span<float> logits = candidates.EditLogits();
            if (!float.IsFinite(largest / temperature))
            {
                TensorPrimitives.Subtract(logits, largest, logits);
            }

            TensorPrimitives.Divide(logits, temperature, logits);
        }
    }
}
