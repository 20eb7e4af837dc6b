using System.Numerics.Tensors;

namespace LlamaProvider.Decoding.Strategies.Guidance;

/// <summary>Classifier-free guidance of two rows.</summary>
/// <remarks>
/// Sanchez et al. 2023, "Stay on topic with Classifier-Free Guidance": log p(v | negative) + γ · (log p(v | prompt) − log p(v | negative)), on log-probabilities as transformers'
/// <c>UnbatchedClassifierFreeGuidanceLogitsProcessor</c> does. It is γ · c − (γ − 1) · u less what normalises both rows.
/// </remarks>
internal static class GuidanceFormula
{
    /// <summary>Combines two rows. A token that either row gives no finite logit gets none.</summary>
    /// <param name="conditional">The logits after the prompt.</param>
    /// <param name="conditionalNormalizer">ln Σ exp of them.</param>
    /// <param name="unconditional">The logits after the negative prompt.</param>
    /// <param name="unconditionalNormalizer">ln Σ exp of them.</param>
    /// <param name="scale">γ.</param>
    /// <param name="destination">Receives the combined row; may be neither of the others.</param>
    public static void Combine(
        ReadOnlySpan<float> conditional, double conditionalNormalizer, ReadOnlySpan<float> unconditional, double unconditionalNormalizer, double scale, Span<float> destination)
    {
        TensorPrimitives.Multiply(unconditional, (float)(1 - scale), destination);
        TensorPrimitives.MultiplyAdd(conditional, (float)scale, destination, destination);
        TensorPrimitives.Subtract(destination, (float)((scale * conditionalNormalizer) + ((1 - scale) * unconditionalNormalizer)), destination);
    }
}
