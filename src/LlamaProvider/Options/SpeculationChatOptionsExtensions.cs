using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>Speculative decoding of a request, on <see cref="ChatOptions"/>: the next tokens are guessed and verified together. Answers are distributed as without it.</summary>
/// <remarks>With both, drafts are looked up first, and drafted where nothing is found. What became of them stands in <see cref="Chat.LlamaAnswer.Speculation"/>.</remarks>
public static class SpeculationChatOptionsExtensions
{
    /// <summary>Drafts with a draft model, or with a drafter of your own. Stored under <c>llama.speculative_decoding</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="drafter">Its name in <see cref="LlamaEngineOptions.DraftModels"/> or <see cref="LlamaEngineOptions.CustomDrafters"/>.</param>
    /// <param name="maxTokens">The most tokens of a draft. Default: 8. Range: 1 to 63.</param>
    /// <param name="minConfidence">A draft model's draft ends where its most probable token has less probability than this. Default: 0, it does not. Range: 0 to 1.</param>
    /// <returns>The options.</returns>
    /// <exception cref="OptionNotSupportedException">A value is out of its range.</exception>
    public static ChatOptions UseSpeculativeDecoding(this ChatOptions options, string drafter, int maxTokens = 8, double minConfidence = 0) =>
        options.UseSpeculativeDecoding(new SpeculativeDecodingOptions(drafter, MaxTokens: maxTokens, MinConfidence: minConfidence));

    /// <inheritdoc cref="UseSpeculativeDecoding(ChatOptions, string, int, double)"/>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="speculative">How to draft.</param>
    public static ChatOptions UseSpeculativeDecoding(this ChatOptions options, SpeculativeDecodingOptions speculative)
    {
        ArgumentNullException.ThrowIfNull(speculative);
        SpeculationOptionsJson.ReadSpeculative(speculative);
        return OptionValue.Set(options, LlamaOptionKeys.SpeculativeDecoding, JsonSerializer.SerializeToElement(speculative, SpeculationOptionsJson.Default.Speculative));
    }

    /// <summary>
    /// Drafts what followed the last tokens where they occurred before, in prompt or answer: for answers that copy. The same seed gives the same answer with it and without.
    /// Stored under <c>llama.prompt_lookup</c>.
    /// </summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="maxTokens">The most tokens of a draft. Default: 16. Range: 1 to 63.</param>
    /// <param name="minMatch">The fewest last tokens that must have occurred before. Default: 2. Range: 1 and more.</param>
    /// <returns>The options.</returns>
    /// <exception cref="OptionNotSupportedException">A value is out of its range.</exception>
    public static ChatOptions UsePromptLookup(this ChatOptions options, int maxTokens = 16, int minMatch = 2) =>
        options.UsePromptLookup(new PromptLookupOptions(MaxTokens: maxTokens, MinMatch: minMatch));

    /// <inheritdoc cref="UsePromptLookup(ChatOptions, int, int)"/>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="lookup">How to look up.</param>
    public static ChatOptions UsePromptLookup(this ChatOptions options, PromptLookupOptions lookup)
    {
        ArgumentNullException.ThrowIfNull(lookup);
        SpeculationOptionsJson.ReadLookup(lookup);
        return OptionValue.Set(options, LlamaOptionKeys.PromptLookup, JsonSerializer.SerializeToElement(lookup, SpeculationOptionsJson.Default.Lookup));
    }

    /// <summary>How a drafter is used, in whatever form the option has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The setting, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored is something else, or out of its range.</exception>
    public static SpeculativeDecodingOptions? GetSpeculativeDecoding(this ChatOptions options) =>
        OptionValue.Find(options, LlamaOptionKeys.SpeculativeDecoding) is { } value ? SpeculationOptionsJson.ReadSpeculative(value) : null;

    /// <summary>How drafts are looked up, in whatever form the option has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The setting, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored is something else, or out of its range.</exception>
    public static PromptLookupOptions? GetPromptLookup(this ChatOptions options) =>
        OptionValue.Find(options, LlamaOptionKeys.PromptLookup) is { } value ? SpeculationOptionsJson.ReadLookup(value) : null;
}
