using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Makes tokens that have occurred less likely: by a factor, and by a number for each occurrence and for having occurred at all.</summary>
/// <remarks>
/// For a token with logit l that occurs in the text: l ← l / r if l &gt; 0, else l · r, with the repetition penalty r (Keskar et al. 2019, "CTRL"; the paper only
/// divides, which would favour repeated tokens of negative logit, so every implementation multiplies those). Then for a token that occurs c times in the answer:
/// l ← l − c · f − p, with the frequency penalty f and the presence penalty p of OpenAI's API. Reference: llama.cpp's <c>penalties</c>.
/// <para>
/// Deviation: llama.cpp counts the prompt for all three and looks at the last 64 tokens for all three. Here the repetition penalty does that, while
/// frequency and presence count the answer alone, all of it, as the API that they come from does. <see cref="CountPrompt"/> and
/// <see cref="LastTokens"/> give llama.cpp's behaviour.
/// </para>
/// </remarks>
public sealed record PenaltiesStage : SamplerStage
{
    /// <summary>The tokens that the repetition penalty looks back when nothing else is said.</summary>
    public const int DefaultRepeatLastTokens = 64;

    internal const string TypeName = "penalties";

    /// <summary>Creates the stage.</summary>
    /// <param name="repeat">The repetition penalty r. Default: 1 (none). Range: above 0; above 1 discourages repetition.</param>
    /// <param name="frequency">The frequency penalty f. Default: 0 (none). Range: finite.</param>
    /// <param name="presence">The presence penalty p. Default: 0 (none). Range: finite.</param>
    /// <param name="lastTokens">
    /// How many of the last tokens count. Default: 64 for repetition, all for frequency and presence. Range: 1 and more; <see cref="int.MaxValue"/> for all.
    /// </param>
    /// <param name="countPrompt">Whether the prompt counts for frequency and presence too. Default: no.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public PenaltiesStage(double repeat = 1, double frequency = 0, double presence = 0, int? lastTokens = null, bool countPrompt = false)
    {
        Repeat = SamplerRange.Positive(repeat, "repeat_penalty");
        Frequency = SamplerRange.Finite(frequency, "frequency_penalty");
        Presence = SamplerRange.Finite(presence, "presence_penalty");
        LastTokens = lastTokens is int count ? SamplerRange.AtLeast(count, 1, "repeat_last_n") : null;
        CountPrompt = countPrompt;
    }

    /// <summary>The repetition penalty.</summary>
    [JsonPropertyName("repeat_penalty")]
    public double Repeat { get; }

    /// <summary>The frequency penalty.</summary>
    [JsonPropertyName("frequency_penalty")]
    public double Frequency { get; }

    /// <summary>The presence penalty.</summary>
    [JsonPropertyName("presence_penalty")]
    public double Presence { get; }

    /// <summary>How many of the last tokens count; <see langword="null"/> for 64 (repetition) and all (frequency and presence).</summary>
    [JsonPropertyName("repeat_last_n")]
    public int? LastTokens { get; }

    /// <summary>Whether the prompt counts for frequency and presence too.</summary>
    [JsonPropertyName("count_prompt")]
    public bool CountPrompt { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 10;

    private bool IsNeutral => Repeat == 1 && Frequency == 0 && Presence == 0;

    internal override HistoryTracker? CreateTracker(Vocabulary vocabulary) => IsNeutral
        ? null
        : new PenaltyCounts(LastTokens ?? DefaultRepeatLastTokens, LastTokens ?? int.MaxValue, CountPrompt);

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        if (context.Tracker is not PenaltyCounts { Counts: { Count: > 0 } counts })
        {
            return;
        }

        Span<float> logits = candidates.EditLogits();
        (float repeat, float frequency, float presence) = (Finite(Repeat), Finite(Frequency), Finite(Presence));
        foreach ((int token, PenaltyCounts.Occurrences occurrences) in counts)
        {
            int index = candidates.IndexOf(token);
            if (index < 0 || !float.IsFinite(logits[index]))
            {
                continue;
            }

            ref float logit = ref logits[index];
            if (occurrences.InText > 0)
            {
                logit = Finite(logit <= 0 ? logit * repeat : logit / repeat);
            }

            if (occurrences.InAnswer > 0)
            {
                logit = Finite(logit - ((occurrences.InAnswer * frequency) + presence));
            }
        }
    }

    /// <summary>What is finite stays so: beyond the range of a float a token would be lost.</summary>
    private static float Finite(double value) => (float)Math.Clamp(value, float.MinValue, float.MaxValue);
}
