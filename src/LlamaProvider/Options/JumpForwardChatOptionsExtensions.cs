using System.Text.Json;
using LlamaProvider.Decoding.Sampling;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>How constrained answers skip what is certain, on <see cref="ChatOptions"/>.</summary>
public static class JumpForwardChatOptionsExtensions
{
    /// <summary>
    /// Says whether text that a constraint leaves no choice about, such as the names of required members, is appended without asking the model. Stored under
    /// <c>llama.jump_forward</c>. Such text is then written in the tokens that the model's tokenizer has for it, and takes one evaluation together; without, the model is asked for
    /// each token and may spell it otherwise. Without a constraint no text is certain, and the option changes nothing.
    /// </summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="enabled">Whether to. Default of requests without the option: <see langword="true"/>.</param>
    /// <returns>The options.</returns>
    public static ChatOptions UseJumpForward(this ChatOptions options, bool enabled = true) =>
        OptionValue.Set(options, LlamaOptionKeys.JumpForward, JsonElement.Parse(enabled ? "true" : "false"));

    /// <summary>Whether certain text is appended without asking the model, in whatever form the option has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The setting, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored is neither true nor false.</exception>
    public static bool? GetJumpForward(this ChatOptions options)
    {
        if (OptionValue.Find(options, LlamaOptionKeys.JumpForward) is not { } value)
        {
            return null;
        }

        JsonElement json = ToJson(value);
        return json.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when bool.TryParse(json.GetString(), out bool flag) => flag,
            _ => throw new OptionNotSupportedException(
                LlamaOptionKeys.JumpForward, $"{LlamaOptionKeys.JumpForward} is {json.GetRawText()}, but must be true or false. Change the option or leave it unset."),
        };
    }

    private static JsonElement ToJson(object value)
    {
        try
        {
            return OptionValue.ToJson(LlamaOptionKeys.JumpForward, value);
        }
        catch (InvalidSamplerException error)
        {
            throw new OptionNotSupportedException(LlamaOptionKeys.JumpForward, error.Message);
        }
    }
}
