using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Don't Repeat Yourself: makes a token less likely that would continue a repetition, exponentially in the repetition's length.</summary>
/// <remarks>
/// Let L be the longest n for which the last n tokens also stand earlier in the text, followed there by token t. If L is at least the allowed length a, then
/// l_t ← l_t − m · b^(L − a). A repetition does not reach back across a sequence breaker, and a token that is a breaker itself is never penalised, so
/// that names and structure may recur. Source: p-e-w, text-generation-webui pull request 5677; reference: llama.cpp's <c>dry</c>.
/// <para>
/// Each earlier occurrence of the last token is found by a vectorised search and compared backwards. Lengths are cut where b^(L − a) would leave the range of a
/// float (as the reference cuts the exponent), and 1,000 beyond a at the latest, which bounds the work on texts of one repeated token. Deviation: breakers are found in the text's
/// bytes, so they work across any token borders; the reference tries tokenizations of a breaker.
/// </para>
/// </remarks>
public sealed record DryStage : SamplerStage
{
    internal const string TypeName = "dry";
    private const double LogOfLargestFloat = 88.7228391;
    private const int MostSteps = 1000;
    private readonly StopSequences _breakers;
    private readonly int _longest;

    /// <summary>Creates the stage.</summary>
    /// <param name="multiplier">The penalty m of a repetition of the allowed length. Default: 0.8. Range: 0 (none) and more.</param>
    /// <param name="base">The base b. Default: 1.75. Range: 1 and more.</param>
    /// <param name="allowedLength">The length a up to which repetitions are free, in tokens. Default: 2. Range: 1 and more.</param>
    /// <param name="lastTokens">How many of the last tokens are searched. Default: all. Range: 1 and more.</param>
    /// <param name="sequenceBreakers">Texts that repetitions do not reach across. Default: line end, colon, quotation mark, asterisk. Not empty texts.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public DryStage(double multiplier = 0.8, double @base = 1.75, int allowedLength = 2, int? lastTokens = null, IReadOnlyList<string>? sequenceBreakers = null)
    {
        Multiplier = SamplerRange.AtLeast(multiplier, 0, "dry_multiplier");
        Base = SamplerRange.AtLeast(@base, 1, "dry_base");
        AllowedLength = SamplerRange.AtLeast(allowedLength, 1, "dry_allowed_length");
        LastTokens = lastTokens is int count ? SamplerRange.AtLeast(count, 1, "dry_penalty_last_n") : null;
        SequenceBreakers = [.. sequenceBreakers ?? DefaultSequenceBreakers];
        if (SequenceBreakers.Any(string.IsNullOrEmpty))
        {
            throw new InvalidSamplerException(
                "dry_sequence_breakers", "dry_sequence_breakers holds an empty text, which would break every repetition. Remove it; an empty list means no breakers.");
        }

        _breakers = new StopSequences(SequenceBreakers);
        double steps = Base > 1.000001 ? LogOfLargestFloat / Math.Log(Base) : 0;
        _longest = AllowedLength + (int)Math.Min(steps, Math.Min(MostSteps, int.MaxValue - AllowedLength));
    }

    /// <summary>The sequence breakers when none are given.</summary>
    public static ImmutableArray<string> DefaultSequenceBreakers { get; } = ["\n", ":", "\"", "*"];

    /// <summary>The penalty of a repetition of the allowed length.</summary>
    [JsonPropertyName("dry_multiplier")]
    public double Multiplier { get; }

    /// <summary>By what the penalty grows a token.</summary>
    [JsonPropertyName("dry_base")]
    public double Base { get; }

    /// <summary>The length up to which repetitions are free.</summary>
    [JsonPropertyName("dry_allowed_length")]
    public int AllowedLength { get; }

    /// <summary>How many of the last tokens are searched; <see langword="null"/> for all.</summary>
    [JsonPropertyName("dry_penalty_last_n")]
    public int? LastTokens { get; }

    /// <summary>Texts that repetitions do not reach across.</summary>
    [JsonPropertyName("dry_sequence_breakers")]
    public IReadOnlyList<string> SequenceBreakers { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 20;

    /// <inheritdoc/>
    public bool Equals(DryStage? other) =>
        other is not null
        && (Multiplier, Base, AllowedLength, LastTokens) == (other.Multiplier, other.Base, other.AllowedLength, other.LastTokens)
        && SequenceBreakers.SequenceEqual(other.SequenceBreakers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Multiplier, Base, AllowedLength, LastTokens, SequenceBreakers.Count);

    internal override HistoryTracker? CreateTracker(Vocabulary vocabulary) => Multiplier == 0 ? null : new BreakerPositions(vocabulary, _breakers);

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        if (context.Tracker is not BreakerPositions breakers)
        {
            return;
        }

        ReadOnlySpan<int> window = context.History[^Math.Min(context.History.Length, LastTokens ?? int.MaxValue)..];
        int reach = Math.Min(Math.Min(window.Length, breakers.TokensSinceBreaker), _longest);
        if (window.Length <= AllowedLength || reach < AllowedLength)
        {
            return;
        }

        Dictionary<int, int> lengths = breakers.RepetitionLengths;
        FindRepetitions(window, reach, lengths);
        if (lengths.Count == 0)
        {
            return;
        }

        Span<float> logits = candidates.EditLogits();
        foreach ((int token, int length) in lengths)
        {
            if (candidates.IndexOf(token) is >= 0 and int index && !breakers.IsBreaker(token))
            {
                float penalised = logits[index] - (float)(Multiplier * Math.Pow(Base, length - AllowedLength));
                logits[index] = float.IsFinite(logits[index]) ? MathF.Max(penalised, float.MinValue) : logits[index];
            }
        }
    }

    /// <summary>For each token that would continue a repetition, the length of the longest one.</summary>
    private void FindRepetitions(ReadOnlySpan<int> window, int reach, Dictionary<int, int> lengths)
    {
        lengths.Clear();
        int last = window.Length - 1;
        for (int end = window[..last].LastIndexOf(window[last]); end >= 0; end = window[..end].LastIndexOf(window[last]))
        {
            int length = 1;
            while (length < reach && length <= end && window[end - length] == window[last - length])
            {
                length++;
            }

            if (length >= AllowedLength)
            {
                int next = window[end + 1];
                lengths[next] = Math.Max(length, lengths.GetValueOrDefault(next));
            }
        }
    }
}
