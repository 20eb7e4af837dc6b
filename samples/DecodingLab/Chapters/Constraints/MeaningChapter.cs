using LlamaProvider.Chat;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Visualization.Measurements;
using Microsoft.Extensions.AI;

namespace DecodingLab.Chapters.Constraints;

/// <summary>Answers with a wanted meaning, which no automaton can follow: a classifier weighs tokens, or judges whole answers.</summary>
internal sealed class MeaningChapter : IChapter
{
    private const int Stories = 24;
    private const int Candidates = 6;

    public string Name => "meaning";

    public string Title => "Constraints: meaning";

    public ChapterText Text { get; } = new(
        "A token guide multiplies the probability of each likely token by what a classifier says of the text with it (FUDGE, Yang & Klein 2021). Best-of-n draws several answers and takes the one that a scorer likes best.",
        "Any property that a program can judge: tone, topic, safety, agreement. A guide works while the answer is written; best-of-n needs a judge of whole answers only.",
        "A guide asks the classifier for some twenty texts a token, and the classifier has to judge beginnings. Best-of-n pays for n answers and finds only what the model says by itself.",
        "A guide where the property is rare, best-of-n where it is common and quality counts.");

    public async Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        string prompt = lab.PromptOr("Tell me a story.");
        ChatOptions Draw() => new() { Temperature = 1, TopP = 1, MaxOutputTokens = 160, Seed = lab.Options.Seed };
        LabAnswer guided = await lab.AskAsync("with a token guide", prompt, Draw().UseTokenGuide(Lab.Happy, strength: 2), cancellationToken, top: 10);
        LabAnswer best = await lab.AskAsync($"best of {Candidates}", prompt, Draw().UseBestOf(Candidates, Lab.Happy), cancellationToken, top: 10);
        double plainShare = await ShareAsync(lab, prompt, Draw, cancellationToken);
        progress.Report(0.5);
        double guidedShare = await ShareAsync(lab, prompt, () => Draw().UseTokenGuide(Lab.Happy, strength: 2), cancellationToken);
        IReadOnlyList<LlamaCandidate> drawn = best.Response.GetCandidates();
        return new ChapterRun
        {
            Answers = [guided, best],
            Findings =
            [
                Finding.Of($"The classifier of this lab looks for happy endings by their words. Of {Stories} stories, {plainShare:P0} end happily without a guide and {guidedShare:P0} with it."),
                .. Turns(guided).Take(1).Select(static turn => Finding.Of($"At token {turn.Position + 1} the guide turned the choice: '{Before(turn).Text}' led with {Before(turn).Probability:P1} before, '{After(turn).Text}' with {After(turn).Weighed:P1} afterwards.")),
                Finding.Of($"Of the {drawn.Count} answers of best-of-n, {drawn.Count(static candidate => candidate.Score > 0)} end happily; the one that was taken has a score of {drawn[0].Score:0}."),
            ],
            Figures =
            [
                new(BarFigure.Of("Stories that end happily", new MeasuredRow("without", plainShare, null, null, "share"), new MeasuredRow("with a token guide", guidedShare, null, null, "share")), "What the guide shifts."),
            ],
        };
    }

    private static async Task<double> ShareAsync(Lab lab, string prompt, Func<ChatOptions> options, CancellationToken cancellationToken)
    {
        ChatResponse[] responses = await Task.WhenAll(Enumerable.Range(0, Stories).Select(story =>
        {
            ChatOptions request = options();
            request.Seed = lab.Options.Seed + story;
            return lab.Client.GetResponseAsync(prompt, request, cancellationToken);
        }));
        return (double)responses.Count(static response => Happiness.IsHappy(response.Text)) / Stories;
    }

    private static IEnumerable<TokenGuideStep> Turns(LabAnswer answer) => answer.Trace.Steps.OfType<TokenGuideStep>().Where(static step => Before(step).Token != After(step).Token);

    private static WeighedToken Before(TokenGuideStep step) => step.Tokens.MaxBy(static token => token.Probability);

    private static WeighedToken After(TokenGuideStep step) => step.Tokens.MaxBy(static token => token.Weighed);
}
