using System.Globalization;
using System.Text.Json;
using LlamaProvider.Decoding.Sampling;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>How a model reasons before it answers, on <see cref="ChatOptions"/>. See docs/chat.md.</summary>
public static class ReasoningChatOptionsExtensions
{
    /// <summary>Turns reasoning on or off, stored under <c>llama.enable_thinking</c>. It wins over the effort in <see cref="ChatOptions.Reasoning"/>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="enable">
    /// <see langword="false"/>: by the template's own switch, else by closing reasoning as soon as it begins. <see langword="true"/>: by the template's switch; a model that
    /// decides by itself goes on doing so, and one that has no reasoning is an <see cref="OptionNotSupportedException"/>. Default of requests without it: as the template has it.
    /// </param>
    /// <returns>The options.</returns>
    public static ChatOptions UseThinking(this ChatOptions options, bool enable = true) => Set(options, LlamaOptionKeys.EnableThinking, enable);

    /// <summary>
    /// Ends reasoning after some tokens by writing the text that closes it, stored under <c>llama.thinking_budget</c>. The answer follows as if the model had closed it.
    /// A model that does not reason is not concerned.
    /// </summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="tokens">The most tokens of reasoning, its closing text not counted. Default of requests without it: no limit. Range: 0 or more.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static ChatOptions UseThinkingBudget(this ChatOptions options, int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        return OptionValue.Set(options, LlamaOptionKeys.ThinkingBudget, JsonElement.Parse(tokens.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>
    /// Lets constraints and stop sequences apply to everything that the model writes, reasoning and its marks included, stored under <c>llama.constrain_reasoning</c>.
    /// A grammar then has to describe the reasoning too, from where the prompt leaves off.
    /// </summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="constrain">Whether. Default of requests without it: <see langword="false"/>, only the answer.</param>
    /// <returns>The options.</returns>
    public static ChatOptions ConstrainReasoning(this ChatOptions options, bool constrain = true) => Set(options, LlamaOptionKeys.ConstrainReasoning, constrain);

    /// <summary>What <see cref="UseThinking"/> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>Whether to reason, or <see langword="null"/> when nothing is set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored is not true or false.</exception>
    public static bool? GetThinking(this ChatOptions options) => GetFlag(options, LlamaOptionKeys.EnableThinking);

    /// <summary>What <see cref="ConstrainReasoning"/> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>Whether constraints apply to reasoning, or <see langword="null"/> when nothing is set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored is not true or false.</exception>
    public static bool? GetReasoningConstrained(this ChatOptions options) => GetFlag(options, LlamaOptionKeys.ConstrainReasoning);

    /// <summary>What <see cref="UseThinkingBudget"/> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The most tokens of reasoning, or <see langword="null"/> when nothing is set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored is not a whole number of 0 or more.</exception>
    public static int? GetThinkingBudget(this ChatOptions options)
    {
        if (Find(options, LlamaOptionKeys.ThinkingBudget) is not { } json)
        {
            return null;
        }

        return json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out double number) && number == Math.Truncate(number) && number is >= 0 and <= int.MaxValue
            ? (int)number
            : throw new OptionNotSupportedException(
                LlamaOptionKeys.ThinkingBudget,
                $"{LlamaOptionKeys.ThinkingBudget} is {json.GetRawText()}, but must be a whole number of 0 or more. Change the option or leave it unset.");
    }

    private static ChatOptions Set(ChatOptions options, string key, bool value) => OptionValue.Set(options, key, JsonElement.Parse(value ? "true" : "false"));

    private static bool? GetFlag(ChatOptions options, string key) => Find(options, key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } json => throw new OptionNotSupportedException(key, $"{key} is {json.GetRawText()}, but must be true or false. Change the option or leave it unset."),
    };

    private static JsonElement? Find(ChatOptions options, string key)
    {
        try
        {
            return OptionValue.Find(options, key) is { } value ? OptionValue.ToJson(key, value) : null;
        }
        catch (InvalidSamplerException error)
        {
            throw new OptionNotSupportedException(key, error.Message);
        }
    }
}
