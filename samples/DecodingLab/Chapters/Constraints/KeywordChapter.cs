using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Visualization;
using Microsoft.Extensions.AI;

namespace DecodingLab.Chapters.Constraints;

/// <summary>Phrases that an answer must or must not contain.</summary>
internal sealed class KeywordChapter : IChapter
{
    private const string Required = "lantern";
    private const string Forbidden = "slice of cake";

    public string Name => "keywords";

    public string Title => "Constraints: required and forbidden phrases";

    public ChapterText Text { get; } = new(
        "A required phrase has to be said before the answer may end; a forbidden one is never completed, wherever token borders fall. Both are automata over the text, intersected with whatever else holds.",
        "They hold for certain, in free text and inside JSON, and every sampler sees only what is left.",
        "A required phrase that does not fit the text is said all the same, late and out of place. Say in the prompt what is wanted, too.",
        "Disclaimers and names that must be there; brand names, clichés and secrets that must not.");

    public async Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        string prompt = lab.PromptOr("Tell me a story about a sailor.");
        ChatOptions Greedy() => lab.Request().UseSamplers(static samplers => samplers.Greedy());
        LabAnswer free = await lab.AskAsync("without phrases", prompt, Greedy(), cancellationToken, top: 10);
        LabAnswer held = await lab.AskAsync($"with '{Required}', without '{Forbidden}'", prompt, Greedy().RequirePhrases(Required).ForbidPhrases(Forbidden), cancellationToken, top: 10);
        TokenStep[] turned = [.. held.Choices.Where(static step => step.Mask?.ForbiddenFavourite is not null)];
        return new ChapterRun
        {
            Answers = [free, held],
            Findings =
            [
                Finding.Of($"Without phrases the answer says '{Required}' {Count(free, Required)} times and '{Forbidden}' {Count(free, Forbidden)} times; with them {Count(held, Required)} and {Count(held, Forbidden)} times."),
                Finding.Of($"In {turned.Length} of {held.Choices.Count()} places the model's favourite was forbidden."),
                .. turned.Take(1).Select(static step => Finding.Of($"The first is token {step.Position + 1}: '{step.Mask!.ForbiddenFavourite!.Value.Text}' with {step.Mask.ForbiddenFavourite.Value.Probability:P1} was not legal, and '{step.Token.Text}' took its place.")),
            ],
            Figures = [new(MaskSizeFigure.Of(held.Trace), "Forbidding costs a few tokens here and there; where the phrase has to be said, few are left.")],
        };
    }

    private static int Count(LabAnswer answer, string phrase) => answer.Text.Split(phrase).Length - 1;
}
