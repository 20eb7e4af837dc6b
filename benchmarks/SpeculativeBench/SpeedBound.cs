namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>How fast drafts of one fixed length could be at most, by what they were accepted for and what the library takes.</summary>
/// <param name="Length">The tokens of a draft.</param>
/// <param name="Acceptance">The share of drafted tokens that were accepted.</param>
/// <param name="Ratio">Times as fast as a token a step.</param>
internal sealed record SpeedBound(int Length, double Acceptance, double Ratio)
{
    /// <summary>The best fixed length, and none: what a controller that knew the text could choose once.</summary>
    public static SpeedBound Best(IEnumerable<(int Length, RunCounts Counts)> drafts, ModelCosts costs) =>
        drafts.Select(draft => Of(draft.Length, draft.Counts, costs)).Append(new SpeedBound(0, 0, 1)).MaxBy(static bound => bound.Ratio)!;

    /// <summary>
    /// With T(n) for an evaluation of n tokens, D(k) for k tokens of the draft model, U for what it must read more behind a draft that was accepted in full, s steps, of which d have drafted k tokens each
    /// and f had all of them accepted, for t tokens: t · T(1) / ((s − d) · T(1) + d · (T(1 + k) + D(k)) + f · U), where T(1 + k) is that behind the draft model's tokens where those are its. Samplers, engine
    /// and prompts are left out, so nothing passes it but by chance and by adapting to the text.
    /// </summary>
    public static SpeedBound Of(int length, RunCounts counts, ModelCosts costs)
    {
        double seconds = (counts.Steps - counts.DraftedSteps) * costs[1];
        if (counts.DraftedSteps > 0)
        {
            double drafted = (double)counts.DraftedTokens / counts.DraftedSteps;
            double share = (double)counts.ModelTokens / counts.DraftedTokens;
            double modelled = counts.DraftedSteps * share;
            seconds += ((counts.DraftedSteps - modelled) * costs[1 + drafted]) + (modelled * (costs.BehindDraft(drafted) + costs.Draft(drafted))) + (counts.FullDrafts * share * costs.Unread);
        }

        return new SpeedBound(length, counts.DraftedTokens == 0 ? 0 : (double)counts.AcceptedTokens / counts.DraftedTokens, counts.Tokens * costs[1] / seconds);
    }
}
