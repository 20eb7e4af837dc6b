using System.Text;

namespace LlamaProvider.Decoding.Tracing;

/// <summary>The choice of a token in plain words: what the model thought, what the constraint and the stages left of it, and what came of that.</summary>
internal static class TokenExplanation
{
    public static string Of(TokenStep step)
    {
        var text = new StringBuilder();
        text.Append(step.IsEnd ? "The answer ends here" : Explanation.Place(step) + " is " + Explanation.Quote(step.Token.Text));
        text.Append(Explanation.Format($". The model gave it {Explanation.Percent(Math.Exp(step.LogProbability))}, {Rank(step.ModelRank)} of all tokens."));
        AppendMask(step, text);
        AppendStages(step, text);
        if (step.Mask is not { IsForced: true })
        {
            AppendChoice(step, text);
        }

        return text.ToString();
    }

    private static void AppendMask(TokenStep step, StringBuilder text)
    {
        if (step.Mask is not { } mask)
        {
            return;
        }

        text.Append(Explanation.Format($" The constraint {mask.Constraint} allowed {Explanation.Count(mask.Allowed, "token")} with {Explanation.Percent(mask.AllowedProbability)} of the probability"));
        text.Append(mask.IsForced ? ", so there was no choice" : "");
        text.Append(mask.ForbiddenFavourite is { } favourite
            ? $" and forbade the model's favourite, {Explanation.Quote(favourite.Text)} ({Explanation.Percent(favourite.Probability)})."
            : ".");
    }

    private static void AppendStages(TokenStep step, StringBuilder text)
    {
        string[] removals =
        [
            .. (step.Stages ?? []).Where(static stage => stage.Removed > 0)
                .Select(static stage => $"{stage.Name} removed {Explanation.Count(stage.Removed, "candidate")} ({Explanation.Percent(stage.RemovedProbability)})"),
        ];
        if (removals.Length > 0)
        {
            text.Append(Explanation.Format($" Of the stages, {string.Join(", ", removals)}."));
        }
    }

    private static void AppendChoice(TokenStep step, StringBuilder text)
    {
        if (step.Final.Candidates == 1)
        {
            text.Append(" It was the one candidate left, so it was taken for certain.");
            return;
        }

        text.Append(Explanation.Format(
            $" It was drawn from {Explanation.Count(step.Final.Candidates, "candidate")} with {Explanation.Percent(step.Probability)}, {Rank(step.Rank)} of them"));
        string[] others = [.. step.Final.Top.Where(candidate => candidate.Token != step.Token.Id).Take(3).Select(static candidate => $"{Explanation.Quote(candidate.Text)} ({Explanation.Percent(candidate.Probability)})")];
        text.Append(others.Length > 0 ? $"; the others were led by {string.Join(", ", others)}." : ".");
    }

    private static string Rank(int rank) => rank == 1 ? "the first" : Explanation.Format($"number {rank:#,0}");
}
