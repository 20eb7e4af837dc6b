using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling.Selectors;

/// <summary>Adaptive-p: draws tokens whose probability is near a target, and moves the target so that the average of what was drawn comes out near it.</summary>
/// <remarks>
/// With the weighted mean a of the original probabilities of the tokens drawn so far (a token i steps ago weighs d^i), the target of this step is
/// t = clamp(2 t₀ − a, 0, 1). Each candidate's logit becomes 5 − 10 x² / (1 + x) with x = |p_i − t| / 0.3, and a token is drawn from their softmax.
/// Source and reference: llama.cpp's <c>adaptive-p</c> (pull request 17927). It starts as if t₀ had been drawn forever. Use it after a mild truncation such as min-p.
/// </remarks>
public sealed record AdaptivePSelector : TokenSelector
{
    internal const string TypeName = "adaptive_p";
    private const double Width = 0.3;
    private const double Peak = 5;
    private const double Sharpness = 10;

    /// <summary>Creates the selector.</summary>
    /// <param name="target">The target probability t₀. Range: 0 to 1.</param>
    /// <param name="decay">The decay d: about 1 / (1 − d) tokens are remembered. Default: 0.9. Range: 0 to 0.99.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public AdaptivePSelector(double target, double decay = 0.9)
    {
        Target = SamplerRange.Between(target, 0, 1, "adaptive_target");
        Decay = SamplerRange.Between(decay, 0, 0.99, "adaptive_decay");
    }

    /// <summary>The target probability.</summary>
    [JsonPropertyName("adaptive_target")]
    public double Target { get; }

    /// <summary>The decay.</summary>
    [JsonPropertyName("adaptive_decay")]
    public double Decay { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override void Start(ref SelectorMemory memory)
    {
        memory.TotalWeight = 1 / (1 - Decay);
        memory.WeightedSum = Target * memory.TotalWeight;
    }

    internal override void Shape(ref Candidates candidates, in SelectorMemory memory, Vocabulary vocabulary)
    {
        candidates.KeepFinite();
        double total = candidates.Weigh(out ReadOnlySpan<float> weights);
        double target = Math.Clamp((2 * Target) - (memory.WeightedSum / memory.TotalWeight), 0, 1);
        Span<float> original = candidates.Workspace.Keys(candidates.Count);
        Span<float> logits = candidates.EditLogits();
        for (int index = 0; index < logits.Length; index++)
        {
            double probability = weights[index] / total;
            original[index] = (float)probability;
            double distance = Math.Abs(probability - target) / Width;
            logits[index] = (float)(Peak - (Sharpness * distance * distance / (1 + distance)));
        }
    }

    internal override void Learn(ref SelectorMemory memory, in Candidates candidates, int index, double probability)
    {
        // What Shape left: the probabilities before the transformation.
        memory.WeightedSum = candidates.Workspace.Keys(candidates.Count)[index] + (Decay * memory.WeightedSum);
        memory.TotalWeight = 1 + (Decay * memory.TotalWeight);
    }
}
