using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>Phrases and lengths of an answer, on <see cref="ChatOptions"/>: in free text, or in that of a JSON schema, grammar or regular expression.</summary>
/// <remarks>
/// As with every constraint, tokens that do not fit are removed before any sampler sees them. When a phrase or a length would otherwise be missed, the answer is led to it: at the
/// latest where <see cref="ChatOptions.MaxOutputTokens"/> leaves just enough room.
/// </remarks>
public static class ConditionChatOptionsExtensions
{
    /// <summary>Lets the answer contain these phrases, each letter as it is, in any order. Replaces phrases that were required before. Stored under <c>llama.required_phrases</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="phrases">The phrases, at most <see cref="PhraseOptions.MaxRequired"/>.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidConstraintException">A phrase is empty or no Unicode text, or there are too many.</exception>
    public static ChatOptions RequirePhrases(this ChatOptions options, params string[] phrases) => options.RequirePhrases(ToOptions(phrases));

    /// <summary>Lets the answer contain phrases. Replaces phrases that were required before. Stored under <c>llama.required_phrases</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="phrases">The phrases, at most <see cref="PhraseOptions.MaxRequired"/>, and how they are compared.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidConstraintException">A phrase is empty or no Unicode text, or there are too many.</exception>
    public static ChatOptions RequirePhrases(this ChatOptions options, PhraseOptions phrases) =>
        SetPhrases(options, LlamaOptionKeys.RequiredPhrases, phrases, nameof(RequirePhrases), isRequired: true);

    /// <summary>Keeps these phrases, each letter as it is, out of the answer. Replaces phrases that were forbidden before. Stored under <c>llama.forbidden_phrases</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="phrases">The phrases.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidConstraintException">A phrase is empty or no Unicode text.</exception>
    public static ChatOptions ForbidPhrases(this ChatOptions options, params string[] phrases) => options.ForbidPhrases(ToOptions(phrases));

    /// <summary>Keeps phrases out of the answer. Replaces phrases that were forbidden before. Stored under <c>llama.forbidden_phrases</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="phrases">The phrases, and how they are compared.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidConstraintException">A phrase is empty or no Unicode text.</exception>
    public static ChatOptions ForbidPhrases(this ChatOptions options, PhraseOptions phrases) =>
        SetPhrases(options, LlamaOptionKeys.ForbiddenPhrases, phrases, nameof(ForbidPhrases), isRequired: false);

    /// <summary>Lets the answer have at least so many tokens. Stored under <c>llama.lengths</c>, beside the lengths that are set already.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="tokens">The fewest tokens. Range: 0 and above.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidConstraintException">It is negative, or above a maximum that is set.</exception>
    public static ChatOptions RequireMinTokens(this ChatOptions options, int tokens) => options.UseLengths((options.GetLengths() ?? LengthOptions.None) with { MinTokens = tokens });

    /// <summary>
    /// Lets the answer have at most so many words. It is not cut there: the last word may be finished, with its mark, and then the answer ends. Stored under
    /// <c>llama.lengths</c>, beside the lengths that are set already.
    /// </summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="words">The most words. Range: 1 and above.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidConstraintException">It is below 1, or below a minimum that is set.</exception>
    public static ChatOptions RequireMaxWords(this ChatOptions options, int words) => options.UseLengths((options.GetLengths() ?? LengthOptions.None) with { MaxWords = words });

    /// <summary>Says how long the answer is to be. Replaces all lengths that were set before. Stored under <c>llama.lengths</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="lengths">The fewest and most tokens, words and sentences.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidConstraintException">A value is out of its range, or a minimum is above a maximum.</exception>
    public static ChatOptions UseLengths(this ChatOptions options, LengthOptions lengths)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        lengths.Validate();
        return OptionValue.Set(options, LlamaOptionKeys.Lengths, LengthOptionsJson.Write(lengths));
    }

    /// <summary>The phrases that <c>RequirePhrases</c> stored, in whatever form they have arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The phrases, or <see langword="null"/> when none are set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored cannot be read.</exception>
    public static PhraseOptions? GetRequiredPhrases(this ChatOptions options) => GetPhrases(options, LlamaOptionKeys.RequiredPhrases);

    /// <summary>The phrases that <c>ForbidPhrases</c> stored, in whatever form they have arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The phrases, or <see langword="null"/> when none are set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored cannot be read.</exception>
    public static PhraseOptions? GetForbiddenPhrases(this ChatOptions options) => GetPhrases(options, LlamaOptionKeys.ForbiddenPhrases);

    /// <summary>The lengths that <see cref="UseLengths"/> and its siblings stored, in whatever form they have arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The lengths, or <see langword="null"/> when none are set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored cannot be read.</exception>
    public static LengthOptions? GetLengths(this ChatOptions options) => OptionValue.Find(options, LlamaOptionKeys.Lengths) switch
    {
        null => null,
        LengthOptions lengths => lengths,
        var value => LengthOptionsJson.Read(LlamaOptionKeys.Lengths, OptionValue.ToElement(LlamaOptionKeys.Lengths, value)),
    };

    private static PhraseOptions ToOptions(string[] phrases)
    {
        ArgumentNullException.ThrowIfNull(phrases);
        return new PhraseOptions { Phrases = [.. phrases] };
    }

    private static ChatOptions SetPhrases(ChatOptions options, string key, PhraseOptions phrases, string method, bool isRequired)
    {
        ArgumentNullException.ThrowIfNull(phrases);
        phrases.Validate(method, isRequired);
        return OptionValue.Set(options, key, PhraseOptionsJson.Write(phrases));
    }

    private static PhraseOptions? GetPhrases(ChatOptions options, string key) => OptionValue.Find(options, key) is { } value ? PhraseOptionsJson.Read(key, value) : null;
}
