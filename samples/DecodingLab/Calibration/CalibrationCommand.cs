using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DecodingLab.Chapters;
using DecodingLab.Measuring;
using DecodingLab.Report;
using DecodingLab.Terminal;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Tracing;
using LlamaProvider.Visualization.Measurements;
using Microsoft.Extensions.AI;
using Spectre.Console;

namespace DecodingLab.Calibration;

/// <summary>Asks the extraction task and compares the confidence in each member with whether it is right: of the answers that the model finds most probable, and of drawn ones.</summary>
internal sealed class CalibrationCommand(IAnsiConsole console, OutputFolder output, Lab lab)
{
    private const int AtOnce = 8;

    private static readonly (string Name, float Temperature)[] Ways = [("greedy", 0), ("drawn at temperature 1", 1)];

    public async Task RunAsync(int questions, CancellationToken cancellationToken)
    {
        var figures = new List<ShownFigure>();
        var findings = new List<Finding>();
        var rows = new List<BenchmarkRow>();
        foreach ((string name, float temperature) in Ways)
        {
            IReadOnlyList<JudgedValue> values = await Progressing.RunAsync(console, $"{questions} questions, {name}", progress => JudgeAsync(questions, temperature, progress, cancellationToken));
            Finding finding = Finding.Of($"{name}: {values.Count(static value => value.IsRight):N0} of {values.Count:N0} values are right ({values.Average(static value => value.IsRight ? 1.0 : 0):P1}); the mean of their stated probabilities is {values.Average(static value => value.Probability):P1}, the expected calibration error {Reliability.Error(values):0.000}.");
            Finding[] said = [finding, .. values.GroupBy(static value => value.Member).Select(Say)];
            findings.AddRange(said);
            foreach (Finding line in said)
            {
                console.MarkupLine(Markup.Escape(line.Text));
            }

            console.Write(TableOf(values));
            rows.AddRange(Rows(name, values));
            figures.Add(new ShownFigure(ReliabilityFigure.Of($"Confidence in extracted values, {name}", Reliability.Bins(values)), "Each dot is a group of values; its number says how many."));
        }

        MeasurementFile.Write(lab, rows);
        var section = new ReportSection { Id = "calibration", Title = "Does stated confidence come true?", Findings = findings, Figures = figures };
        string file = output.Write("calibration.html", HtmlReport.Write(new ReportContent("Decoding lab: calibration", [lab.Engine.Model.Description.Name], [section])));
        console.WriteLine($"The report: {file}");
    }

    /// <summary>The confidence in every member of every answer, and whether it is right.</summary>
    public async Task<IReadOnlyList<JudgedValue>> JudgeAsync(int questions, float temperature, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var values = new List<JudgedValue>();
        foreach (int[] seeds in Enumerable.Range(0, questions).Chunk(AtOnce))
        {
            foreach (IEnumerable<JudgedValue> judged in await Task.WhenAll(seeds.Select(seed => AskAsync(seed, temperature, cancellationToken))))
            {
                values.AddRange(judged);
            }

            progress.Report((seeds[^1] + 1.0) / questions);
        }

        return values;
    }

    private async Task<IEnumerable<JudgedValue>> AskAsync(int seed, float temperature, CancellationToken cancellationToken)
    {
        ExtractionQuestion question = ExtractionTask.Create(seed);
        ChatOptions options = new ChatOptions { Seed = seed, MaxOutputTokens = 200 }
            .UseSamplers(samplers => _ = temperature == 0 ? samplers.Greedy() : samplers.Temperature(temperature))
            .UseJsonSchema(question.Schema).CaptureTrace(TraceLevel.Stages, top: 1);
        ChatResponse response = await lab.Client.GetResponseAsync(question.Prompt, options, cancellationToken);
        IReadOnlyDictionary<string, ValueConfidence> confidence = response.GetConfidence();
        return question.Members.Select(member =>
        {
            ValueConfidence value = confidence[$"/{member.Key}"];
            return new JudgedValue(member.Key, value.Probability, JsonNode.DeepEquals(JsonNode.Parse(value.Json), member.Value));
        });
    }

    private static Finding Say(IGrouping<string, JudgedValue> member) => Finding.Of(
        $"{member.Key}: {member.Count(static value => value.IsRight)} of {member.Count()} right, {member.Average(static value => value.Probability):P1} stated on average.");

    private static IEnumerable<BenchmarkRow> Rows(string way, IReadOnlyList<JudgedValue> values) => Reliability.Bins(values)
        .Select(bin => new BenchmarkRow($"values that are right, {way}, {bin.Count} values", bin.Observed, "stated", bin.Stated, "share", Ratio: null, RatioSpread: null, "neither is better"))
        .Append(new BenchmarkRow($"expected calibration error, {way}, {values.Count} values", Reliability.Error(values), Peer: null, PeerValue: null, "share", Ratio: null, RatioSpread: null, "no peer"));

    private static Table TableOf(IReadOnlyList<JudgedValue> values)
    {
        Table table = new Table().AddColumns("stated", "values", "mean stated", "right");
        foreach (IGrouping<int, JudgedValue> group in values.GroupBy(static value => Reliability.Group(value.Probability)).OrderBy(static group => group.Key))
        {
            string from = Share(group.Key == 0 ? 0 : Reliability.Ends[group.Key - 1]);
            table.AddRow(
                $"{from} to {Share(Reliability.Ends[group.Key])}", group.Count().ToString(CultureInfo.InvariantCulture), Share(group.Average(static value => value.Probability)), Share(group.Average(static value => value.IsRight ? 1.0 : 0)));
        }

        return table;
    }

    private static string Share(double value) => value.ToString("0.00#", CultureInfo.InvariantCulture);
}
