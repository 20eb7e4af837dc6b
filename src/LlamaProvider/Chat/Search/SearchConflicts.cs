using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Search;

/// <summary>What does not go with searches, in the words of errors.</summary>
internal static class SearchConflicts
{
    /// <summary>An option as errors name it.</summary>
    public static string Name(bool isRaw, string rawOption, string key) => isRaw ? $"{nameof(LlamaGenerationOptions)}.{rawOption}" : key;

    public static OptionsConflictException Conflict(string option, string other, string reason) => new(option, other, $"{option} and {other} are set: {other} {reason}.");

    /// <param name="option">The search's option; <see langword="null"/> when there is none.</param>
    /// <param name="options">The request's options.</param>
    public static void RefuseShift(string? option, ChatOptions options)
    {
        if (option is not null && options.GetContextOverflow() == ContextOverflow.Shift)
        {
            throw Conflict(option, LlamaOptionKeys.ContextOverflow, "is 'shift', which moves cells, but the texts of a search share theirs. Use 'truncate_oldest' or 'error'");
        }
    }

    /// <param name="option">The search's option; <see langword="null"/> when there is none.</param>
    /// <param name="options">The request's options.</param>
    /// <param name="raw">Its raw options.</param>
    public static void RefuseJumpForward(string? option, ChatOptions options, LlamaGenerationOptions? raw)
    {
        if (option is not null && (raw?.JumpForward == true || options.GetJumpForward() == true))
        {
            throw Conflict(
                option,
                Name(raw?.JumpForward == true, nameof(raw.JumpForward), LlamaOptionKeys.JumpForward),
                "is true, but a search asks the model for every token, since it compares what they score. Leave it unset");
        }
    }
}
