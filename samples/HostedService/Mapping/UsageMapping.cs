using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>What requests took.</summary>
internal static class UsageMapping
{
    /// <summary>Answers to one prompt: it counts once, though each answer read it.</summary>
    public static Usage OfOnePrompt(IReadOnlyList<UsageDetails> answers)
    {
        UsageDetails first = answers.Count > 0 ? answers[0] : new UsageDetails();
        return Create(first.InputTokenCount ?? 0, first.CachedInputTokenCount ?? 0, answers);
    }

    /// <summary>Answers to several prompts, which follow each other, the same number to each.</summary>
    public static Usage OfPrompts(IReadOnlyList<UsageDetails> answers, int answersPerPrompt)
    {
        UsageDetails[] firsts = [.. answers.Where((_, index) => index % answersPerPrompt == 0)];
        return Create(firsts.Sum(static usage => usage.InputTokenCount ?? 0), firsts.Sum(static usage => usage.CachedInputTokenCount ?? 0), answers);
    }

    public static Usage OfEmbeddings(UsageDetails? usage) => new() { PromptTokens = usage?.InputTokenCount ?? 0, TotalTokens = usage?.TotalTokenCount ?? usage?.InputTokenCount ?? 0 };

    private static Usage Create(long prompt, long cached, IReadOnlyList<UsageDetails> answers)
    {
        long completion = answers.Sum(static usage => usage.OutputTokenCount ?? 0);
        return new Usage
        {
            PromptTokens = prompt,
            CompletionTokens = completion,
            TotalTokens = prompt + completion,
            PromptTokensDetails = new PromptTokensDetails { CachedTokens = cached },
            CompletionTokensDetails = new CompletionTokensDetails { ReasoningTokens = answers.Sum(static usage => usage.ReasoningTokenCount ?? 0) },
        };
    }
}
