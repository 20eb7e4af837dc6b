using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>What happens when a conversation is longer than the context, on <see cref="ChatOptions"/>.</summary>
public static class ContextChatOptionsExtensions
{
    private static readonly Dictionary<string, ContextOverflow> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["error"] = ContextOverflow.Error,
        ["truncate_oldest"] = ContextOverflow.TruncateOldest,
        ["shift"] = ContextOverflow.Shift,
    };

    /// <summary>
    /// Says what happens to a conversation that is longer than the context. Stored under <c>llama.context_overflow</c>: <c>error</c>, <c>truncate_oldest</c> or
    /// <c>shift</c>.
    /// </summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="overflow">What happens. Default of requests without it: <see cref="ContextOverflow.Error"/>.</param>
    /// <returns>The options.</returns>
    public static ChatOptions UseContextOverflow(this ChatOptions options, ContextOverflow overflow)
    {
        string name = Names.First(pair => pair.Value == overflow).Key;
        return OptionValue.Set(options, LlamaOptionKeys.ContextOverflow, JsonElement.Parse($"\"{name}\""));
    }

    /// <summary>What happens to a conversation that is longer than the context, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The setting, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored is none of these.</exception>
    public static ContextOverflow? GetContextOverflow(this ChatOptions options)
    {
        object? value = OptionValue.Find(options, LlamaOptionKeys.ContextOverflow);
        return value switch
        {
            null => null,
            ContextOverflow overflow => overflow,
            _ when Names.TryGetValue(value.ToString() ?? "", out ContextOverflow named) => named,
            _ => throw new OptionNotSupportedException(
                LlamaOptionKeys.ContextOverflow,
                $"{LlamaOptionKeys.ContextOverflow} is '{value}', but must be one of: {string.Join(", ", Names.Keys)}. Change the option or leave it unset."),
        };
    }
}
