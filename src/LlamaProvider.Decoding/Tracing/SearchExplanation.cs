namespace LlamaProvider.Decoding.Tracing;

/// <summary>Steps of searches, drafts and guidance in plain words.</summary>
internal static class SearchExplanation
{
    public static string Of(DraftStep step)
    {
        string length = step.Reason switch
        {
            DraftLengthReason.NoOffer => "no drafter had anything to offer",
            DraftLengthReason.NoRoom => "there was no room for one",
            DraftLengthReason.Fixed => "the request wants that many",
            DraftLengthReason.Unmeasured => "nothing is measured yet",
            DraftLengthReason.Fastest => "that length gives the most tokens a second by measured acceptance and costs",
            DraftLengthReason.Probe => "drafts do not pay now and one token is tried again",
            DraftLengthReason.Unprofitable => "by measured acceptance and costs none pays",
            _ => "the drafter gave none",
        };
        if (step.Tokens.Count == 0)
        {
            return $"Nothing was drafted at token {Explanation.Format($"{step.Position + 1}")} of the answer: {length}.{Next(step)}";
        }

        string verdicts = string.Join(", ", step.Tokens.Select(Verdict));
        return Explanation.Format($"{step.Drafter} drafted {Explanation.Count(step.Tokens.Count, "token")} from token {step.Position + 1} of the answer on, since {length}: {verdicts}. ")
            + Explanation.Format($"{step.Accepted} of them became the answer's.{Next(step)}");
    }

    public static string Of(BeamStep step)
    {
        int[] counts = [.. Enum.GetValues<BeamOutcome>().Select(outcome => step.Nodes.Count(node => node.Outcome == outcome))];
        BeamNode best = step.Nodes[0];
        string kept = string.Join(", ", step.Nodes.Where(static node => node.Outcome == BeamOutcome.Kept).Select(static node => $"{Explanation.Quote(node.Text)} ({Explanation.Format($"{node.Score:0.###}")})"));
        string paid = step.Nodes.Any(static node => node.DiversityPenalty > 0) ? " Tokens that earlier groups had chosen paid a diversity penalty." : "";
        return Explanation.Format(
            $"For token {step.Position + 1}, group {step.Group} looked at {Explanation.Count(step.Nodes.Count + step.Omitted, "continuation")}, the best of them {Explanation.Quote(best.Text)} with a score of {best.Score:0.###}. ")
            + Explanation.Format($"It kept {counts[(int)BeamOutcome.Kept]}{(kept.Length > 0 ? $": {kept}" : "")}; {counts[(int)BeamOutcome.Finished]} finished a text, and the others were pruned.{paid}");
    }

    public static string Of(BeamResultStep step) => Explanation.Format(
        $"The search ended with {Explanation.Count(step.Leaves.Count, "text")}; the answer is the one that ends at node {step.Leaves[0].Node}, with a score of {step.Leaves[0].Score:0.###}.");

    public static string Of(ContrastiveStep step)
    {
        ContrastiveCandidate chosen = step.Candidates[step.Chosen];
        ContrastiveCandidate likeliest = step.Candidates.MaxBy(static candidate => candidate.Probability);
        string against = likeliest.Token == chosen.Token
            ? " It was the most probable one, too."
            : Explanation.Format($" The most probable one, {Explanation.Quote(likeliest.Text)} with {Explanation.Percent(likeliest.Probability)}, is more like the text ({likeliest.Similarity:0.###}) and scored {likeliest.Score:0.###}.");
        string begin = step.IsEnd ? "The answer ends here" : Explanation.Place(step) + " is " + Explanation.Quote(chosen.Text);
        return Explanation.Format($"{begin}, the best of {Explanation.Count(step.Candidates.Count, "candidate")}: a probability of {Explanation.Percent(chosen.Probability)} and a similarity of {chosen.Similarity:0.###} to the text score {chosen.Score:0.###} at an alpha of {step.Alpha:0.###}.{against}");
    }

    public static string Of(NegativePromptStep step)
    {
        GuidedToken best = step.Tokens[0];
        return Explanation.Format(
            $"For token {step.Position + 1}, guidance of scale {step.Scale:0.###} led away from the negative prompt: {Explanation.Quote(best.Text)} leads with {Explanation.Percent(best.Guided)}, after {Explanation.Percent(best.Conditional)} by the prompt and {Explanation.Percent(best.Negative)} by the negative prompt.");
    }

    public static string Of(TokenGuideStep step)
    {
        WeighedToken before = step.Tokens.MaxBy(static token => token.Probability);
        WeighedToken after = step.Tokens.MaxBy(static token => token.Weighed);
        return Explanation.Format(
            $"For token {step.Position + 1}, the guide {step.Guide} weighed {Explanation.Count(step.Tokens.Count, "token")}: {Explanation.Quote(before.Text)} led with {Explanation.Percent(before.Probability)} before, and {Explanation.Quote(after.Text)} leads with {Explanation.Percent(after.Weighed)} afterwards.");
    }

    private static string Verdict(DraftedToken token)
    {
        string odds = token.Probability is double p ? Explanation.Format($", p {p:0.###} against q {token.DraftProbability:0.###}") : "";
        string outcome = token.Outcome switch
        {
            DraftOutcome.Accepted => "accepted",
            DraftOutcome.Forced => "forced by the constraint anyway",
            DraftOutcome.Rejected => "rejected",
            _ => "not reached",
        };
        return $"{Explanation.Quote(token.Text)} ({outcome}{odds})";
    }

    private static string Next(DraftStep step) =>
        step.Correction is { } correction ? $" {Explanation.Quote(correction.Text)} took the place of the rejected one." :
        step.Bonus is { } bonus ? $" The model's own next token is {Explanation.Quote(bonus.Text)}." : "";
}
