using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Adds a number to the logits of given tokens: l_i ← l_i + b_i. Negative infinity removes a token.</summary>
/// <remarks>Reference: llama.cpp's <c>logit-bias</c>. A token that an earlier stage removed stays removed.</remarks>
public sealed record LogitBiasStage : SamplerStage
{
    internal const string TypeName = "logit_bias";
    private readonly ImmutableSortedDictionary<int, double> _bias;

    /// <summary>Creates the stage.</summary>
    /// <param name="logitBias">The number to add, by token. Range: finite, or negative infinity.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public LogitBiasStage(IReadOnlyDictionary<int, double> logitBias)
    {
        ArgumentNullException.ThrowIfNull(logitBias);
        _bias = logitBias.ToImmutableSortedDictionary();
        foreach ((int token, double bias) in _bias)
        {
            if (!(bias < double.PositiveInfinity))
            {
                throw new InvalidSamplerException(
                    TypeName,
                    string.Create(CultureInfo.InvariantCulture, $"logit_bias of token {token} is {bias}, but must be finite, or negative infinity to forbid the token. Change it, or leave it out."));
            }
        }
    }

    /// <summary>The number to add, by token.</summary>
    [JsonPropertyName("logit_bias")]
    public IReadOnlyDictionary<int, double> LogitBias => _bias;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 0;

    /// <inheritdoc/>
    public bool Equals(LogitBiasStage? other) => other is not null && _bias.SequenceEqual(other._bias);

    /// <inheritdoc/>
    public override int GetHashCode() => _bias.Aggregate(_bias.Count, HashCode.Combine);

    internal override SamplerComponent Bind(SamplerBinding binding)
    {
        foreach (int token in _bias.Keys)
        {
            if ((uint)token >= (uint)binding.Vocabulary.Count)
            {
                throw new InvalidSamplerException(
                    TypeName,
                    $"logit_bias names token {token}, but the model's tokens are 0 to {binding.Vocabulary.Count - 1}. Take the numbers from this model's tokenizer.");
            }
        }

        return this;
    }

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        if (_bias.IsEmpty)
        {
            return;
        }

        Span<float> logits = candidates.EditLogits();
        foreach ((int token, double bias) in _bias)
        {
            if (candidates.IndexOf(token) is >= 0 and int index && float.IsFinite(logits[index]))
            {
                // What is finite stays so: beyond the range of a float the token would be lost.
                float sum = logits[index] + (float)bias;
                logits[index] = double.IsFinite(bias) ? Math.Clamp(sum, float.MinValue, float.MaxValue) : sum;
            }
        }
    }
}
