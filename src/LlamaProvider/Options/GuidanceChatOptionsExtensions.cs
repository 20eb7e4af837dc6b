using System.Text.Json;
using LlamaProvider.Decoding.Strategies;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>Guidance on <see cref="ChatOptions"/>: away from a negative prompt, or towards what a token guide wants. Both may be set. See docs/search.md.</summary>
/// <remarks>What guidance has made of the model's probabilities goes through samplers and constraints as always.</remarks>
public static class GuidanceChatOptionsExtensions
{
    /// <summary>Leads the answer away from the one that another system message would give. Stored under <c>llama.guidance</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="negativePrompt">Stands in place of the conversation's system messages and instructions; empty for none.</param>
    /// <param name="scale">How far to lead away. Default: 1.5. Range: 0 and more; 1 is the plain answer.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public static ChatOptions UseGuidance(this ChatOptions options, string negativePrompt, double scale = 1.5)
    {
        ArgumentNullException.ThrowIfNull(negativePrompt);
        return options.UseGuidance(new GuidanceOptions { NegativePrompt = negativePrompt, Scale = scale });
    }

    /// <summary>Leads the answer away from the one that another conversation would give. Stored under <c>llama.guidance</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="negativeMessages">The conversation, of texts only.</param>
    /// <param name="scale">How far to lead away. Default: 1.5. Range: 0 and more; 1 is the plain answer.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public static ChatOptions UseGuidance(this ChatOptions options, IEnumerable<ChatMessage> negativeMessages, double scale = 1.5)
    {
        ArgumentNullException.ThrowIfNull(negativeMessages);
        return options.UseGuidance(new GuidanceOptions { NegativeMessages = [.. negativeMessages.Select(ToMessage)], Scale = scale });
    }

    /// <summary>Leads the answer away from a negative prompt. Stored under <c>llama.guidance</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="guidance">From what, and how far.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public static ChatOptions UseGuidance(this ChatOptions options, GuidanceOptions guidance)
    {
        ArgumentNullException.ThrowIfNull(guidance);
        guidance.Validate();
        return OptionValue.Set(options, LlamaOptionKeys.Guidance, JsonSerializer.SerializeToElement(guidance, SearchOptionsJson.Default.Guidance));
    }

    /// <summary>Has a token guide of the engine weigh how the answer may go on. Stored under <c>llama.token_guide</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="guide">Its name in <see cref="LlamaEngineOptions.TokenGuides"/>.</param>
    /// <param name="strength">By what its log-probabilities are multiplied. Default: 1. Range: above 0.</param>
    /// <param name="topK">How many of the most probable tokens it weighs; the others are left out. Default: 20. Range: 2 and more.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public static ChatOptions UseTokenGuide(this ChatOptions options, string guide, double strength = 1, int topK = 20)
    {
        var guidance = new TokenGuideOptions { Guide = guide, Strength = strength, TopK = topK };
        guidance.Validate();
        return OptionValue.Set(options, LlamaOptionKeys.TokenGuide, JsonSerializer.SerializeToElement(guidance, SearchOptionsJson.Default.Guide));
    }

    /// <summary>What <c>UseGuidance</c> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The guidance, or <see langword="null"/> when none is set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored cannot be read.</exception>
    public static GuidanceOptions? GetGuidance(this ChatOptions options) => OptionValue.Find(options, LlamaOptionKeys.Guidance) switch
    {
        null => null,
        GuidanceOptions guidance => guidance,
        var value => SearchOptionsJson.ReadGuidance(LlamaOptionKeys.Guidance, value),
    };

    /// <summary>What <see cref="UseTokenGuide"/> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The guidance, or <see langword="null"/> when none is set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored cannot be read.</exception>
    public static TokenGuideOptions? GetTokenGuide(this ChatOptions options) => OptionValue.Find(options, LlamaOptionKeys.TokenGuide) switch
    {
        null => null,
        TokenGuideOptions guidance => guidance,
        var value => SearchOptionsJson.ReadGuide(LlamaOptionKeys.TokenGuide, value),
    };

    private static GuidanceMessage ToMessage(ChatMessage message) => message.Contents.All(static content => content is TextContent)
        ? new GuidanceMessage(message.Role.Value, message.Text)
        : throw new InvalidSearchException(
            nameof(GuidanceOptions.NegativeMessages), $"A negative message of the role '{message.Role}' holds more than text, which an option cannot carry. Leave the rest out.");
}
