using LlamaProvider.Decoding.Tracing;

namespace DecodingLab.Report;

/// <summary>Reads from a trace what is to be shown of each token of the answer, and of what ended it.</summary>
internal static class TokenViews
{
    private const int ShownCandidates = 8;
    private const int FirstCandidates = 3;

    public static List<TokenView> Of(AnswerTrace trace)
    {
        Dictionary<int, string> texts = KnownTexts(trace);
        ILookup<int, int> steps = Enumerable.Range(0, trace.Steps.Count).Where(index => Concerns(trace.Steps[index], trace.Draw)).ToLookup(index => trace.Steps[index].Position);
        List<TokenView> views = [.. trace.Tokens.Select((token, position) => ViewOf(trace, texts.GetValueOrDefault(token) ?? $"#{token}", trace.FindToken(position), steps[position]))];
        if (steps[trace.Tokens.Count].Any())
        {
            views.Add(ViewOf(trace, "■", trace.FindToken(trace.Tokens.Count), steps[trace.Tokens.Count]));
        }

        return views;
    }

    private static TokenView ViewOf(AnswerTrace trace, string text, TokenStep? choice, IEnumerable<int> steps) => new(
        text,
        [.. steps.Select(trace.Explain)],
        choice is null ? [] : Candidates(choice.Final, choice.Token.Id, ShownCandidates),
        choice is null ? 0 : choice.Final.Rest + choice.Final.Top.Skip(ShownCandidates).Sum(static candidate => candidate.Probability),
        choice is null ? [] : Stages(choice));

    /// <summary>Steps that decide about tokens. The engine's batches do not; of best-of-n only the answer that was taken counts.</summary>
    private static bool Concerns(TraceStep step, int? draw) => step is not BatchStep && (step is not TokenStep token || token.Draw == draw);

    private static List<StageView> Stages(TokenStep choice)
    {
        var stages = new List<StageView>();
        if (choice.Model is { } model)
        {
            stages.Add(new("model", model.Candidates, 0, 0, model.Entropy, Candidates(model, choice.Token.Id, FirstCandidates)));
        }

        if (choice is { Mask.After: { } after, Model: { } before })
        {
            stages.Add(new("constraint", after.Candidates, before.Candidates - after.Candidates, 1 - choice.Mask.AllowedProbability, after.Entropy, Candidates(after, choice.Token.Id, FirstCandidates)));
        }

        stages.AddRange((choice.Stages ?? []).Select(stage =>
            new StageView(stage.Name, stage.After.Candidates, stage.Removed, stage.RemovedProbability, stage.After.Entropy, Candidates(stage.After, choice.Token.Id, FirstCandidates))));
        return stages;
    }

    private static List<CandidateView> Candidates(TraceDistribution distribution, int chosen, int most) =>
        [.. distribution.Top.Take(most).Select(candidate => new CandidateView(candidate.Text, Math.Round(candidate.Probability, 6), candidate.Token == chosen))];

    /// <summary>Texts of tokens, wherever the trace tells them: a search names its tokens in its tree alone.</summary>
    private static Dictionary<int, string> KnownTexts(AnswerTrace trace)
    {
        var texts = new Dictionary<int, string>();
        foreach ((int token, string text) in trace.Steps.SelectMany(Texts))
        {
            texts.TryAdd(token, text);
        }

        return texts;
    }

    private static IEnumerable<(int Token, string Text)> Texts(TraceStep step) => step switch
    {
        TokenStep chosen => [(chosen.Token.Id, chosen.Token.Text)],
        ForcedStep forced => [(forced.Token.Id, forced.Token.Text)],
        BeamStep beam => beam.Nodes.Select(static node => (node.Token, node.Text)),
        ContrastiveStep contrastive => contrastive.Candidates.Select(static candidate => (candidate.Token, candidate.Text)),
        _ => [],
    };
}
