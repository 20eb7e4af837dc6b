using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Visualization;

namespace DecodingLab.Chapters.Search;

/// <summary>Contrastive search beside greedy choice.</summary>
internal sealed class ContrastiveSearchChapter : IChapter
{
    public string Name => "contrastive";

    public string Title => "Contrastive search";

    public ChapterText Text { get; } = new(
        "Of the k most probable tokens it takes the one with the best (1 − α) · probability − α · similarity, where similarity is the largest cosine between the token's hidden state and those of all tokens before it (Su et al. 2022).",
        "Fluent text without the loops of greedy choice, and without chance: the same answer every time.",
        "It evaluates k continuations a token and keeps the hidden states of the whole text. It cannot start from what the engine has kept of the prompt.",
        "Open-ended text from small models that repeat themselves, when the result has to be repeatable.");

    public async Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        string prompt = lab.PromptOr("Tell me a story about a robot.");
        LabAnswer greedy = await lab.AskAsync("greedy", prompt, lab.Request().UseSamplers(static samplers => samplers.Greedy()), cancellationToken);
        LabAnswer contrastive = await lab.AskAsync("contrastive search, k = 5, α = 0.3", prompt, lab.Request().UseContrastiveSearch(topK: 5, alpha: 0.3), cancellationToken, top: 10);
        ContrastiveStep[] steps = [.. contrastive.Trace.Steps.OfType<ContrastiveStep>()];
        ContrastiveStep[] turned = [.. steps.Where(static step => Likeliest(step).Token != step.Candidates[step.Chosen].Token)];
        ContrastiveStep shown = turned.FirstOrDefault() ?? steps[0];
        ContrastiveCandidate chosen = shown.Candidates[shown.Chosen];
        return new ChapterRun
        {
            Answers = [greedy, contrastive],
            Findings =
            [
                Finding.Of($"In {turned.Length} of {steps.Length} steps it did not take the most probable token."),
                Finding.Of($"At token {shown.Position + 1} it took '{chosen.Text}' with a probability of {chosen.Probability:P1} and a similarity of {chosen.Similarity:0.000}; the most probable was '{Likeliest(shown).Text}' with {Likeliest(shown).Probability:P1} and {Likeliest(shown).Similarity:0.000}."),
                Finding.Of($"The mean similarity of its tokens with the text before them is {steps.Average(step => step.Candidates[step.Chosen].Similarity):0.000}; that of the most probable ones would have been {steps.Average(step => Likeliest(step).Similarity):0.000}."),
            ],
            Figures = [new(ContrastiveFigure.Of(contrastive.Trace, shown.Position), "Further right is more probable, further down less like the text so far; the line joins equal scores.")],
        };
    }

    private static ContrastiveCandidate Likeliest(ContrastiveStep step) => step.Candidates.MaxBy(static candidate => candidate.Probability);
}
