using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Reasoning;

/// <summary>What a request asks of reasoning.</summary>
/// <param name="IsEnabled">Whether the model may reason; <see langword="null"/> leaves it to the template's default.</param>
/// <param name="MustBeHonoured">Whether a model that cannot reason is an error when it is asked to.</param>
/// <param name="Effort">How much; <see langword="null"/> leaves it to the template's default.</param>
/// <param name="IsReturned">Whether the caller sees it.</param>
/// <param name="Budget">The most tokens of it; <see langword="null"/> for no limit.</param>
/// <param name="IsConstrained">Whether constraints and stop sequences apply from the first token, reasoning and its marks included.</param>
internal sealed record ReasoningSettings(bool? IsEnabled, bool MustBeHonoured, ReasoningEffort? Effort, bool IsReturned, int? Budget, bool IsConstrained)
{
    /// <summary>Reads them: <c>llama.enable_thinking</c> wins over <see cref="ReasoningOptions.Effort"/>.</summary>
    public static ReasoningSettings Read(ChatOptions options)
    {
        bool? asked = options.GetThinking();
        ReasoningEffort? effort = options.Reasoning?.Effort;
        return new ReasoningSettings(
            asked ?? (effort is { } level ? level != ReasoningEffort.None : null),
            asked == true,
            effort,
            options.Reasoning?.Output != ReasoningOutput.None,
            options.GetThinkingBudget(),
            options.GetReasoningConstrained() ?? false);
    }
}
