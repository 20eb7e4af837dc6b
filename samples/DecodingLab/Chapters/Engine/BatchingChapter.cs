using DecodingLab.Measuring;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Visualization;
using LlamaProvider.Visualization.Measurements;
using Microsoft.Extensions.AI;

namespace DecodingLab.Chapters.Engine;

/// <summary>Several requests in one batch.</summary>
internal sealed class BatchingChapter : IChapter
{
    private const string Together = "together";
    private const string InTurn = "one after the other";

    private static readonly string[] Topics = ["a fox", "a robot", "the sea", "a king"];
    private static readonly int[] Concurrencies = [1, 2, 4, 8, 16];

    public string Name => "batching";

    public string Title => "Continuous batching";

    public ChapterText Text { get; } = new(
        "Every step of the engine evaluates one batch with the next token of every running request and pieces of waiting prompts. Requests join and leave between steps; none waits for another to end.",
        "The weights are read once for all requests, so the throughput grows with the number of requests until the processor is busy.",
        "Each answer takes longer than alone. Batches of another shape round otherwise, so near ties may fall otherwise.",
        "Every service with more than one user. On one processor core and a tiny model there is little to gain; on a GPU most of it.");

    public async Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        string[] prompts = [.. Topics.Select(topic => lab.PromptOr($"Tell me a story about {topic}."))];
        LabAnswer[] answers = await Task.WhenAll(prompts.Select((prompt, index) =>
            lab.AskAsync(lab.Options.Prompt is null ? Topics[index] : $"request {index + 1}", prompt, Request(lab, index), cancellationToken, TraceLevel.Full, top: 10)));
        BatchStep[] steps = [.. answers.SelectMany(answer => answer.Trace.Steps.OfType<BatchStep>())];
        IGrouping<long, BatchStep>[] shared = [.. steps.GroupBy(static step => step.EngineStep)];
        List<ShownFigure> figures = [new(BatchTimelineFigure.Of([.. answers.Select(answer => new NamedTrace(answer.Name, answer.Trace))]), "A box is a step that the request took part in; boxes above each other are one batch.")];
        IReadOnlyList<BenchmarkRow> measured = lab.Options.Measure ? await MeasureAsync(lab, progress, cancellationToken) : [];
        if (measured.Count > 0)
        {
            figures.Add(new(CurveFigure.Of("Throughput over concurrent requests", "requests", "tokens a second", Curve(Together, measured, static row => row.Ours), Curve(InTurn, measured, static row => row.PeerValue!.Value)), "Together against one after the other."));
        }

        return new ChapterRun
        {
            Answers = answers,
            Findings =
            [
                Finding.Of($"{answers.Length} requests gave {answers.Sum(static answer => answer.Trace.Tokens.Count):N0} tokens. Alone they would have taken part in {steps.Length:N0} steps; the engine took {shared.Length:N0}, since {shared.Count(static step => step.Count() > 1):N0} were shared."),
                Finding.Of($"The largest batch held {steps.Max(static step => step.Tokens):N0} tokens of {steps.Max(static step => step.Requests)} requests."),
                .. measured.Select(static row => Finding.Of($"{row.Figure}: {row.Ours:N0} tokens a second; {row.Peer} {row.PeerValue:N0}.")),
            ],
            Figures = figures,
            Measurements = measured,
        };
    }

    private static ChatOptions Request(Lab lab, int index)
    {
        ChatOptions options = lab.Request(60);
        options.Seed = lab.Options.Seed + index;
        return options;
    }

    private static MeasuredCurve Curve(string name, IReadOnlyList<BenchmarkRow> rows, Func<BenchmarkRow, double> value) =>
        new(name, [.. rows.Zip(Concurrencies, (row, count) => new MeasuredPoint(count, value(row)))]);

    private static async Task<IReadOnlyList<BenchmarkRow>> MeasureAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        const int Tokens = 48;
        Task Ask(int index) => lab.Client.GetResponseAsync(
            $"Tell me a story about {Topics[index % Topics.Length]}.", new ChatOptions { MaxOutputTokens = Tokens, Seed = index }.RequireMinTokens(Tokens), cancellationToken);

        var rows = new List<BenchmarkRow>();
        foreach (int count in Concurrencies)
        {
            Variant[] variants =
            [
                new(Together, () => Task.WhenAll(Enumerable.Range(0, count).Select(Ask))),
                new(InTurn, async () =>
                {
                    for (int index = 0; index < count; index++)
                    {
                        await Ask(index);
                    }
                }),
            ];
            IReadOnlyList<TimedVariant> timed = await Alternation.RunAsync(variants, lab.Options, progress, cancellationToken);
            double[][] rates = [.. timed.Select(variant => variant.Milliseconds.Select(time => count * Tokens * 1000 / time).ToArray())];
            rows.Add(Comparison.ToRow($"{count} requests {Together}", InTurn, "tok/s", higherIsBetter: true, rates[0], rates[1]));
        }

        return rows;
    }
}
