using LlamaProvider.Chat;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Visualization;

namespace DecodingLab.Chapters.Search;

/// <summary>Groups of beams that avoid each other's choices.</summary>
internal sealed class DiverseBeamSearchChapter : IChapter
{
    private const int Width = 6;
    private const int Groups = 3;
    private const double Penalty = 2;

    public string Name => "diverse-beam";

    public string Title => "Diverse beam search";

    public ChapterText Text { get; } = new(
        "The beam is split into groups that choose one after the other. A token loses a penalty for each text of an earlier group that has chosen it in the same step (Vijayakumar et al. 2016).",
        "The n best texts differ in more than a word, at the cost of a plain beam search.",
        "Later groups are pushed to less probable texts. The penalty has to be found by trying: too low changes nothing, too high gives odd words.",
        "Several suggestions for a person to choose from, or candidates for a scorer that knows better than the model.");

    public async Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        string prompt = lab.PromptOr("Tell me a story about a fox.");
        LabAnswer plain = await lab.AskAsync($"beam search, width {Width}", prompt, lab.Request(30).UseBeamSearch(Width), cancellationToken, top: 10);
        LabAnswer diverse = await lab.AskAsync(
            $"diverse beam search, {Groups} groups of {Width / Groups}", prompt, lab.Request(30).UseDiverseBeamSearch(Width, Groups, Penalty), cancellationToken, top: 10);
        IReadOnlyList<LlamaBeam> plainTexts = plain.Response.GetBeams();
        IReadOnlyList<LlamaBeam> diverseTexts = diverse.Response.GetBeams();
        BeamNode[] paid = [.. diverse.Trace.Steps.OfType<BeamStep>().SelectMany(step => step.Nodes).Where(node => node.DiversityPenalty > 0)];
        return new ChapterRun
        {
            Answers = [plain, diverse],
            Findings =
            [
                Finding.Of($"Of the {plainTexts.Count} texts of the plain search, {DifferentPairs(plainTexts):P0} of the pairs of neighbouring words are different ones; of the {diverseTexts.Count} texts of the diverse search {DifferentPairs(diverseTexts):P0}."),
                Finding.Of($"{paid.Length:N0} of the continuations that the trace shows paid a penalty, up to {paid.Select(node => node.DiversityPenalty).DefaultIfEmpty().Max():0.0}; {paid.Count(node => node.Outcome is BeamOutcome.Kept or BeamOutcome.Finished):N0} of them went on all the same."),
                Finding.Of($"The best scores are {plainTexts[0].Score:0.000} and {diverseTexts[0].Score:0.000}, the lowest {plainTexts[^1].Score:0.000} and {diverseTexts[^1].Score:0.000}: difference costs probability."),
                .. diverseTexts.Select(static beam => Finding.Of($"{beam.Score:0.000}: {beam.Text}")),
            ],
            Figures = [new(BeamTreeFigure.Of(diverse.Trace, levels: 7), "Groups below each other. Bold tokens are those that no other group kept at the same level; a red number is a penalty.")],
        };
    }

    /// <summary>Different pairs of neighbouring words over all such pairs (distinct-2, Li et al. 2016).</summary>
    private static double DifferentPairs(IReadOnlyList<LlamaBeam> beams)
    {
        (string, string)[] pairs = [.. beams.SelectMany(static beam => TextStatistics.Pairs(beam.Text))];
        return pairs.Length == 0 ? 0 : (double)pairs.Distinct().Count() / pairs.Length;
    }
}
