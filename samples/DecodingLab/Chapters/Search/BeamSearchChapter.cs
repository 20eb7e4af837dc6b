using LlamaProvider.Chat;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Visualization;

namespace DecodingLab.Chapters.Search;

/// <summary>Beam search beside greedy choice.</summary>
internal sealed class BeamSearchChapter : IChapter
{
    private const int Width = 4;

    public string Name => "beam";

    public string Title => "Beam search";

    public ChapterText Text { get; } = new(
        "It follows several texts at once. In every step each is continued by the most probable tokens, and of all continuations the best stay; the text with the best score wins: its log-probability divided by its length.",
        "It finds more probable texts than greedy choice, and the n best of them with scores. All texts share one batch and the memory of what they have in common.",
        "It costs as many sequences as the beam is wide. The most probable text is often short and dull, and beams differ in a word or two.",
        "Translation, transcription, short structured answers: where there is a right text. Not for conversation or stories.");

    public async Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        string prompt = lab.PromptOr("Tell me a story about a fox.");
        LabAnswer greedy = await lab.AskAsync("greedy", prompt, lab.Request(40).UseSamplers(static samplers => samplers.Greedy()), cancellationToken);
        LabAnswer beams = await lab.AskAsync($"beam search, width {Width}", prompt, lab.Request(40).UseBeamSearch(Width), cancellationToken, top: 10);
        IReadOnlyList<LlamaBeam> found = beams.Response.GetBeams();
        BeamNode[] nodes = [.. beams.Trace.Steps.OfType<BeamStep>().SelectMany(step => step.Nodes)];
        double greedySum = greedy.Trace.Steps.OfType<TokenStep>().Sum(step => step.LogProbability);
        return new ChapterRun
        {
            Answers = [greedy, beams],
            Findings =
            [
                Finding.Of($"Greedy choice found a text of {greedy.Trace.Tokens.Count} tokens with a log-probability of {greedySum:0.00}."),
                Finding.Of($"The search found {found.Count} texts. The best has {found[0].Tokens.Count} tokens, a log-probability of {found[0].LogProbability:0.00} and a score of {found[0].Score:0.000}."),
                .. found.Skip(1).Select((beam, index) => Finding.Of($"Number {index + 2} has a score of {beam.Score:0.000}: {Shorten(beam.Text)}")),
                Finding.Of($"It looked at {nodes.Length:N0} continuations that the trace shows; {nodes.Count(node => node.Outcome == BeamOutcome.Kept):N0} were kept, {nodes.Count(node => node.Outcome == BeamOutcome.Finished):N0} ended a text, and the others were pruned."),
            ],
            Figures = [new(BeamTreeFigure.Of(beams.Trace, levels: 8), "The first levels of the tree: filled boxes went on, dashed ones were pruned, and the thick line is the answer.")],
        };
    }

    private static string Shorten(string text) => text.Length <= 90 ? text : string.Concat(text.AsSpan(0, 89), "…");
}
