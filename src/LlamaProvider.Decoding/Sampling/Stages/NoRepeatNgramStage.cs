using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Forbids every token that would make an n-gram occur a second time in prompt and answer.</summary>
/// <remarks>Source: Paulus et al. 2017, "A Deep Reinforced Model for Abstractive Summarization"; reference: transformers' <c>no_repeat_ngram_size</c>.</remarks>
public sealed record NoRepeatNgramStage : SamplerStage
{
    internal const string TypeName = "no_repeat_ngram";

    /// <summary>Creates the stage.</summary>
    /// <param name="size">The length n in tokens. Range: 1 and more; 1 lets every token occur once.</param>
    /// <exception cref="InvalidSamplerException">The value is out of its range.</exception>
    [JsonConstructor]
    public NoRepeatNgramStage(int size) => Size = SamplerRange.AtLeast(size, 1, "no_repeat_ngram_size");

    /// <summary>The length in tokens.</summary>
    [JsonPropertyName("no_repeat_ngram_size")]
    public int Size { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 30;

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        ReadOnlySpan<int> history = context.History;
        if (history.Length < Size)
        {
            return;
        }

        Span<float> logits = candidates.EditLogits();
        ReadOnlySpan<int> begun = history[^(Size - 1)..];
        int position = 0;
        int found;
        while (position + Size <= history.Length && (found = history[position..^1].IndexOf(begun)) >= 0)
        {
            position += found;
            if (candidates.IndexOf(history[position + Size - 1]) is >= 0 and int index)
            {
                logits[index] = float.NegativeInfinity;
            }

            position++;
        }
    }
}
