namespace LlamaProvider.Decoding.Constraints.Lengths;

/// <summary>How long an answer is to be. Immutable.</summary>
/// <remarks>
/// <para>
/// <b>Word:</b> a run of letters, marks and numbers; "don't" and "3.14" are two. <b>Sentence:</b> from a word to the next <c>. ! ? …</c> that white space or the text's end follows, or to
/// the next <c>。！？｡</c>. What the text ends with counts, finished or not.
/// </para>
/// <para>
/// <b>Maximum.</b> It is never passed. An answer is not cut there but completed: what is still missing for a complete text is kept in reserve all the way, and at the
/// maximum of words or sentences the last word or sentence may be finished, then the text ends.
/// </para>
/// <para>
/// <b>Minimum.</b> The text does not end before it, neither by a token that ends the generation nor by a stop sequence, as long as it can go on at all. Only a grammar can
/// make it end sooner, when its text is complete and has no continuation.
/// </para>
/// </remarks>
public sealed record LengthOptions
{
    /// <summary>No condition.</summary>
    public static LengthOptions None { get; } = new();

    /// <summary>The fewest tokens, those that end the generation not counted. Default: 0. Range: 0 and above.</summary>
    public int MinTokens { get; init; }

    /// <summary>The most tokens, counted likewise. Default: <see langword="null"/>, no limit. Range: 1 and above, and not below <see cref="MinTokens"/>.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>The fewest words. Default: 0. Range: 0 and above.</summary>
    public int MinWords { get; init; }

    /// <summary>The most words. Default: <see langword="null"/>, no limit. Range: 1 and above, and not below <see cref="MinWords"/> or <see cref="MinSentences"/>.</summary>
    public int? MaxWords { get; init; }

    /// <summary>The fewest sentences. Default: 0. Range: 0 and above.</summary>
    public int MinSentences { get; init; }

    /// <summary>The most sentences. Default: <see langword="null"/>, no limit. Range: 1 and above, and not below <see cref="MinSentences"/>.</summary>
    public int? MaxSentences { get; init; }

    /// <summary>Whether words or sentences are counted.</summary>
    internal bool CountsText => MinWords > 0 || MaxWords is not null || MinSentences > 0 || MaxSentences is not null;

    /// <exception cref="InvalidConstraintException">A value is out of its range, or a minimum is above a maximum.</exception>
    internal void Validate()
    {
        Check(nameof(MinTokens), MinTokens, 0);
        Check(nameof(MinWords), MinWords, 0);
        Check(nameof(MinSentences), MinSentences, 0);
        Check(nameof(MaxTokens), MaxTokens, 1);
        Check(nameof(MaxWords), MaxWords, 1);
        Check(nameof(MaxSentences), MaxSentences, 1);
        Check(nameof(MinTokens), MinTokens, nameof(MaxTokens), MaxTokens);
        Check(nameof(MinWords), MinWords, nameof(MaxWords), MaxWords);
        Check(nameof(MinSentences), MinSentences, nameof(MaxSentences), MaxSentences);
        if (MinSentences > MaxWords)
        {
            throw new InvalidConstraintException(
                nameof(MinSentences), $"MinSentences is {MinSentences} and MaxWords is {MaxWords}, but a sentence has at least one word. Lower the one or raise the other.");
        }
    }

    private static void Check(string name, int? value, int least)
    {
        if (value < least)
        {
            throw new InvalidConstraintException(name, $"{name} is {value}; it must be at least {least}.");
        }
    }

    private static void Check(string lower, int min, string upper, int? max)
    {
        if (min > max)
        {
            throw new InvalidConstraintException(lower, $"{lower} is {min}, which is above {upper}, {max}. Lower the one or raise the other.");
        }
    }
}
