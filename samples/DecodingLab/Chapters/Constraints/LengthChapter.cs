using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Options;
using LlamaProvider.Visualization;
using Microsoft.Extensions.AI;

namespace DecodingLab.Chapters.Constraints;

/// <summary>Answers of a wanted length.</summary>
internal sealed class LengthChapter : IChapter
{
    private const int MostWords = 15;
    private const int LeastWords = 70;

    public string Name => "length";

    public string Title => "Constraints: length";

    public ChapterText Text { get; } = new(
        "Lengths in tokens, words or sentences. Below a minimum the tokens that end the answer are forbidden; at a maximum the last word or sentence may be finished, then the answer has to end.",
        "The length holds, whatever the model wanted, and no text is cut in the middle of a word.",
        "A model that is kept from ending goes on about something, and one that has to end may leave a thought unfinished.",
        "Headlines, summaries, fields with a limit; a minimum where a model answers too briefly.");

    public async Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        string prompt = lab.PromptOr("Tell me a story about an owl.");
        ChatOptions Greedy() => lab.Request(300).UseSamplers(static samplers => samplers.Greedy());
        LabAnswer free = await lab.AskAsync("as long as it wants", prompt, Greedy(), cancellationToken, top: 10);
        LabAnswer brief = await lab.AskAsync($"{MostWords} words at most", prompt, Greedy().RequireMaxWords(MostWords), cancellationToken, top: 10);
        LabAnswer ample = await lab.AskAsync($"{LeastWords} words at least", prompt, Greedy().UseLengths(new LengthOptions { MinWords = LeastWords }), cancellationToken, top: 10);
        int refused = ample.Choices.Count(static step => step.Mask?.ForbiddenFavourite is not null);
        return new ChapterRun
        {
            Answers = [free, brief, ample],
            Findings =
            [
                Finding.Of($"Left alone the answer has {Words(free)} words."),
                Finding.Of($"With {MostWords} words at most it has {Words(brief)}, with {LeastWords} at least {Words(ample)}."),
                Finding.Of($"To reach the minimum, the model's favourite was forbidden in {refused} places: it wanted to end there."),
            ],
            Figures = [new(MaskSizeFigure.Of(brief.Trace), "Tokens that were allowed at each place; at the maximum only the end is left.")],
        };
    }

    private static int Words(LabAnswer answer) => TextStatistics.Words(answer.Text).Length;
}
