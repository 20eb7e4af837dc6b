using DecodingLab.Measuring;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Visualization;
using LlamaProvider.Visualization.Measurements;
using Microsoft.Extensions.AI;

namespace DecodingLab.Chapters.Engine;

/// <summary>Drafts by a smaller model, and drafts that are looked up.</summary>
internal sealed class SpeculationChapter : IChapter
{
    private const string CopyPrompt = "Repeat this text exactly: Maria visited the harbour on a sunny day. About 250 people came to the old mill last week.";

    public string Name => "speculation";

    public string Title => "Speculative decoding";

    public ChapterText Text { get; } = new(
        "Something cheap guesses the next tokens, and the model verifies all of them in one step. A guess x is accepted with probability min(1, p(x) / q(x)); what replaces a rejected one is drawn from what p has more than q (Leviathan et al. 2023).",
        "Answers are distributed as without it, at any temperature. A step of a large model takes about as long for a few tokens as for one, so accepted drafts are nearly free.",
        "A draft model takes memory, and rejected drafts are work for nothing. On a processor, with a model this small, there is little to gain: drafts turn themselves off where they do not pay, unless they are asked for.",
        "Large models on GPUs with a small sibling; prompt lookup wherever answers copy from prompts, such as code edits and summaries.");

    public async Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        string prompt = lab.PromptOr("Tell me a story about a bear.");
        var answers = new List<LabAnswer>();
        List<ShownFigure> figures = [];
        var findings = new List<Finding>();
        if (lab.Options.Draft is null)
        {
            findings.Add(Finding.Of($"There is no draft model: name one with --draft. The drafts below are looked up."));
        }
        else
        {
            LabAnswer drafted = await lab.AskAsync("drafts of a smaller model", prompt, lab.Request(80).UseSpeculativeDecoding(new SpeculativeDecodingOptions(Lab.Draft, MaxTokens: 5, Adaptive: false)), cancellationToken, top: 10);
            answers.Add(drafted);
            findings.AddRange(Say(drafted));
            figures.Add(new(DraftStripFigure.Of(drafted.Trace), "Drafted tokens with q above, verified with p below; the accepted span, and what replaced the first rejected one."));
        }

        LabAnswer looked = await lab.AskAsync(
            "drafts that are looked up", lab.PromptOr(CopyPrompt), lab.Request(80).UseSamplers(static samplers => samplers.Greedy()).UsePromptLookup(new PromptLookupOptions(MaxTokens: 6, MinMatch: 1, Adaptive: false)), cancellationToken, top: 10);
        answers.Add(looked);
        findings.AddRange(Say(looked));
        if (looked.Trace.Steps.OfType<DraftStep>().Any(static step => step.Tokens.Count > 0))
        {
            figures.Add(new(DraftStripFigure.Of(looked.Trace), "What followed the last tokens where they stood in the prompt."));
        }

        IReadOnlyList<TimedVariant> measured = lab.Options.Measure ? await MeasureAsync(lab, prompt, progress, cancellationToken) : [];
        if (measured.Count > 0)
        {
            figures.Add(new(BarFigure.Of("The same greedy answer with and without drafts", [.. measured.Select(static variant => variant.ToBar())]), "Medians of alternating rounds; shorter is better."));
            findings.AddRange(measured.Skip(1).Select(variant => Finding.Of($"{variant.Name}: {variant.Median:0.0} ms, {measured[0].Median / variant.Median:0.00} times as fast as without drafts.")));
        }

        return new ChapterRun
        {
            Answers = answers,
            Findings = findings,
            Figures = figures,
            Measurements = [.. measured.Select(variant => variant.Against(variant == measured[0] ? null : measured[0]))],
        };
    }

    private static IEnumerable<Finding> Say(LabAnswer answer)
    {
        SpeculationStatistics statistics = ((LlamaAnswer)answer.Response.RawRepresentation!).Speculation!;
        yield return Finding.Of($"{answer.Name}: {statistics.AcceptedTokens} of {statistics.DraftedTokens} drafted tokens were accepted ({statistics.Acceptance:P0}), and {answer.Trace.Tokens.Count} tokens took {statistics.Steps} steps.");
    }

    private static async Task<IReadOnlyList<TimedVariant>> MeasureAsync(Lab lab, string prompt, IProgress<double> progress, CancellationToken cancellationToken)
    {
        ChatOptions Request() => lab.Request(96).UseSamplers(static samplers => samplers.Greedy());
        var variants = new List<Variant>
        {
            new("without drafts", () => lab.Client.GetResponseAsync(prompt, Request(), cancellationToken)),
            new("prompt lookup", () => lab.Client.GetResponseAsync(prompt, Request().UsePromptLookup(), cancellationToken)),
        };
        if (lab.Options.Draft is not null)
        {
            variants.Add(new("draft model, length by cost", () => lab.Client.GetResponseAsync(prompt, Request().UseSpeculativeDecoding(Lab.Draft), cancellationToken)));
            variants.Add(new("draft model, always 5", () => lab.Client.GetResponseAsync(prompt, Request().UseSpeculativeDecoding(new SpeculativeDecodingOptions(Lab.Draft, MaxTokens: 5, Adaptive: false)), cancellationToken)));
        }

        return await Alternation.RunAsync(variants, lab.Options, progress, cancellationToken);
    }
}
