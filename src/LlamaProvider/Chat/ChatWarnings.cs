using System.Collections.Concurrent;
using LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;
using LlamaProvider.Decoding.Constraints.JsonSchema.Validation;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.Chat;

/// <summary>
/// Warnings about requests that are served, but not quite as they ask: where Microsoft.Extensions.AI's convention is to be lenient. Each is logged once, since the next request will
/// have the same. Safe for concurrent use.
/// </summary>
internal sealed partial class ChatWarnings(ILogger logger)
{
    /// <summary>The most warnings that are remembered; a service that makes new tools for every request must not fill the memory with them.</summary>
    private const int Most = 1000;

    private readonly ConcurrentDictionary<(string Owner, string Pointer, string Keyword), bool> _reported = [];

    /// <summary>Says which keywords of tools are checked and not enforced.</summary>
    public void Report(AnswerChecks checks)
    {
        foreach ((string owner, AnswerCheck check) in checks.Calls)
        {
            foreach (UnenforcedKeyword keyword in check.Keywords)
            {
                if (IsNew(owner, keyword.Pointer, keyword.Keyword))
                {
                    LogChecked(owner, keyword.Keyword, keyword.Pointer);
                }
            }
        }
    }

    /// <summary>Says which hints of the options the model cannot follow.</summary>
    /// <param name="options">The request's.</param>
    /// <param name="canReason">Whether the model thinks before it answers.</param>
    /// <param name="canCallSeveral">Whether it can write several calls in one answer.</param>
    public void Report(ChatOptions? options, bool canReason, bool canCallSeveral)
    {
        if (options?.Reasoning?.Effort is { } effort and not ReasoningEffort.None && !canReason && IsNew(nameof(ChatOptions.Reasoning), "", effort.ToString()))
        {
            LogNoReasoning(effort);
        }

        if (options is { AllowMultipleToolCalls: true, Tools.Count: > 0 } && !canCallSeveral && IsNew(nameof(ChatOptions.AllowMultipleToolCalls), "", ""))
        {
            LogOneCall();
        }

        if (options?.AllowBackgroundResponses == true && IsNew(nameof(ChatOptions.AllowBackgroundResponses), "", ""))
        {
            LogNoBackground();
        }
    }

    private bool IsNew(string owner, string pointer, string keyword) => _reported.Count < Most && _reported.TryAdd((owner, pointer, keyword), true);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Tool}: the keyword '{Keyword}' at {Pointer} of its schema cannot be enforced; calls are checked when they are whole, and written again where they break it.")]
    private partial void LogChecked(string tool, string keyword, string pointer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reasoning.Effort is {Effort}, but the model's chat template knows no reasoning; the hint is ignored.")]
    private partial void LogNoReasoning(ReasoningEffort effort);

    [LoggerMessage(Level = LogLevel.Warning, Message = "AllowMultipleToolCalls is true, but the model's format has one call an answer.")]
    private partial void LogOneCall();

    [LoggerMessage(Level = LogLevel.Warning, Message = "AllowBackgroundResponses is true, but there are no background responses here; the answer is awaited.")]
    private partial void LogNoBackground();
}
