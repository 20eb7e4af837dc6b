using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Visualization;

/// <summary>What a constraint or a stage did to the candidates.</summary>
internal sealed record Cut(string Name, TraceDistribution Before, TraceDistribution After, int Removed, double RemovedProbability)
{
    /// <summary>The constraint, which comes before all stages.</summary>
    public const string Constraint = "constraint";

    /// <summary>All cuts of a choice in the order in which they were made.</summary>
    public static IReadOnlyList<Cut> Of(TraceDistribution model, TokenStep step)
    {
        var cuts = new List<Cut>();
        TraceDistribution before = model;
        if (step.Mask is { After: { } legal } mask)
        {
            cuts.Add(new Cut(Constraint, model, legal, model.Candidates - mask.Allowed, 1 - mask.AllowedProbability));
            before = legal;
        }

        foreach (TraceStage stage in step.Stages ?? [])
        {
            cuts.Add(new Cut(stage.Name, before, stage.After, stage.Removed, stage.RemovedProbability));
            before = stage.After;
        }

        return cuts;
    }

    /// <summary>What became of the candidates that the trace shows: those before in their order, then those that are shown only afterwards.</summary>
    public IReadOnlyList<CutCandidate> Candidates()
    {
        Dictionary<int, double> after = After.Top.ToDictionary(candidate => candidate.Token, candidate => candidate.Probability);
        bool isAllShown = After.Top.Count == After.Candidates;
        IEnumerable<CutCandidate> shown = Before.Top.Select(candidate => new CutCandidate(
            candidate.Token,
            candidate.Text,
            candidate.Probability,
            after.TryGetValue(candidate.Token, out double probability) ? probability : null,
            IsRemoved: Removed > 0 && isAllShown && !after.ContainsKey(candidate.Token)));
        HashSet<int> before = [.. Before.Top.Select(candidate => candidate.Token)];
        IEnumerable<CutCandidate> others = After.Top.Where(candidate => !before.Contains(candidate.Token))
            .Select(candidate => new CutCandidate(candidate.Token, candidate.Text, null, candidate.Probability, IsRemoved: false));
        return [.. shown, .. others];
    }
}

/// <summary>A candidate before and after a cut.</summary>
/// <param name="Token">The token.</param>
/// <param name="Text">Its text.</param>
/// <param name="Before">Its probability before; <see langword="null"/> where the trace does not show it.</param>
/// <param name="After">Its probability afterwards; <see langword="null"/> where it is removed or not among those that are shown.</param>
/// <param name="IsRemoved">Whether it is known to be removed.</param>
internal readonly record struct CutCandidate(int Token, string Text, double? Before, double? After, bool IsRemoved);
