using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>Finds the phrases and lengths of a request, each from the strongest place that has it: <see cref="LlamaGenerationOptions"/>, then its key.</summary>
internal static class ConditionsReader
{
    /// <returns>The conditions; <see langword="null"/> when there are none.</returns>
    /// <exception cref="OptionsConflictException">A length and <see cref="ChatOptions.MaxOutputTokens"/> exclude each other.</exception>
    public static RequestedConditions? Read(ChatOptions options, LlamaGenerationOptions? raw)
    {
        PhraseOptions required = raw?.RequiredPhrases ?? options.GetRequiredPhrases() ?? PhraseOptions.None;
        PhraseOptions forbidden = raw?.ForbiddenPhrases ?? options.GetForbiddenPhrases() ?? PhraseOptions.None;
        LengthOptions lengths = raw?.Lengths ?? options.GetLengths() ?? LengthOptions.None;
        string[] names =
        [
            .. Name(nameof(raw.RequiredPhrases), raw?.RequiredPhrases is not null, LlamaOptionKeys.RequiredPhrases, required.IsEmpty),
            .. Name(nameof(raw.ForbiddenPhrases), raw?.ForbiddenPhrases is not null, LlamaOptionKeys.ForbiddenPhrases, forbidden.IsEmpty),
            .. Name(nameof(raw.Lengths), raw?.Lengths is not null, LlamaOptionKeys.Lengths, lengths == LengthOptions.None),
        ];
        if (lengths.MinTokens > options.MaxOutputTokens)
        {
            throw new OptionsConflictException(
                nameof(options.MaxOutputTokens),
                names[^1],
                $"{nameof(options.MaxOutputTokens)} is {options.MaxOutputTokens}, but {names[^1]} asks for at least {lengths.MinTokens} tokens. Raise the one or lower the other.");
        }

        return names.Length == 0 ? null : new RequestedConditions(string.Join(" and ", names), required, forbidden, lengths);
    }

    private static string[] Name(string rawOption, bool isRaw, string key, bool isEmpty) => isEmpty ? [] : [isRaw ? $"{nameof(LlamaGenerationOptions)}.{rawOption}" : key];
}

/// <summary>Phrases and lengths that a request asks for.</summary>
/// <param name="Options">The options that ask for them, as errors name them.</param>
/// <param name="Required">What the answer contains.</param>
/// <param name="Forbidden">What it does not contain.</param>
/// <param name="Lengths">How long it is.</param>
internal sealed record RequestedConditions(string Options, PhraseOptions Required, PhraseOptions Forbidden, LengthOptions Lengths)
{
    /// <summary>The conditions in free text, or in that of another constraint.</summary>
    public RequestedConstraint AppliedTo(RequestedConstraint? text) => new(
        text is null ? Options : $"{text.Option} and {Options}", new ConditionsDefinition((GrammarBasedDefinition?)text?.Definition, Required, Forbidden, Lengths));
}
