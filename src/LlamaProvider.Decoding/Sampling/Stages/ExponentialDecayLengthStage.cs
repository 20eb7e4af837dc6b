using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Makes the end of the answer ever more likely after a given length.</summary>
/// <remarks>
/// With n tokens in the answer and n &gt; s, for each token that ends a generation: l ← l + |l| · (f^(n − s) − 1). Reference: transformers'
/// <c>exponential_decay_length_penalty</c>. The result is kept finite, so that an end is never lost to overflow.
/// </remarks>
public sealed record ExponentialDecayLengthStage : SamplerStage
{
    internal const string TypeName = "exponential_decay_length";

    /// <summary>Creates the stage.</summary>
    /// <param name="start">The length s of the answer, in tokens, from which on it acts. Range: 0 and more.</param>
    /// <param name="factor">The factor f. Range: above 0; above 1 makes the end more likely, below 1 less.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public ExponentialDecayLengthStage(int start, double factor)
    {
        Start = SamplerRange.AtLeast(start, 0, "decay_start");
        Factor = SamplerRange.Positive(factor, "decay_factor");
    }

    /// <summary>The length from which on it acts.</summary>
    [JsonPropertyName("decay_start")]
    public int Start { get; }

    /// <summary>The factor a token.</summary>
    [JsonPropertyName("decay_factor")]
    public double Factor { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 40;

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        int beyond = context.History.Length - context.PromptLength - Start;
        if (beyond <= 0)
        {
            return;
        }

        Span<float> logits = candidates.EditLogits();
        double growth = Math.Min(Math.Pow(Factor, beyond) - 1, double.MaxValue);
        foreach (int token in context.Vocabulary.EndOfGeneration)
        {
            if (candidates.IndexOf(token) is >= 0 and int index && float.IsFinite(logits[index]))
            {
                double logit = logits[index] + (Math.Abs(logits[index]) * growth);
                logits[index] = (float)Math.Clamp(logit, float.MinValue, float.MaxValue);
            }
        }
    }
}
