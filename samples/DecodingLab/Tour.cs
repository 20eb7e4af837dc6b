using DecodingLab.Chapters;
using DecodingLab.Measuring;
using DecodingLab.Report;
using DecodingLab.Terminal;
using LlamaProvider.Benchmarks.Support;
using Spectre.Console;

namespace DecodingLab;

/// <summary>Runs chapters, explains each as it ends, and writes the report.</summary>
internal sealed class Tour(IAnsiConsole console, OutputFolder output, Lab lab)
{
    public async Task RunAsync(string? chapterName, CancellationToken cancellationToken)
    {
        IChapter[] chapters = [.. ChapterList.All.Where(chapter => chapterName is null || chapter.Name == chapterName)];
        var view = new ChapterView(console);
        var sections = new List<ReportSection>();
        var measured = new List<BenchmarkRow>();
        foreach (IChapter chapter in chapters)
        {
            string title = chapters.Length == 1 ? chapter.Title : $"{sections.Count + 1} of {chapters.Length}: {chapter.Title}";
            ChapterRun run = await Progressing.RunAsync(console, title, progress => chapter.RunAsync(lab, progress, cancellationToken));
            view.Show(chapter, run);
            sections.Add(ReportSection.Of(chapter, run));
            measured.AddRange(run.Measurements);
            SaveTraces(chapter, run);
        }

        MeasurementFile.Write(lab, measured);
        string file = output.Write("report.html", HtmlReport.Write(new ReportContent("Decoding lab", Facts(), sections)));
        console.WriteLine($"The report, where a click on a token shows how it was chosen: {file}");
    }

    private void SaveTraces(IChapter chapter, ChapterRun run)
    {
        for (int i = 0; i < run.Answers.Count; i++)
        {
            output.Write(Path.Combine("traces", $"{chapter.Name}-{i + 1}.json"), run.Answers[i].Trace.ToJson());
        }
    }

    private IReadOnlyList<string> Facts() =>
    [
        $"{lab.Engine.Model.Description.Name}, {lab.Engine.Model.Vocabulary.Count.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture)} tokens",
        FormattableString.Invariant($"seed {lab.Options.Seed}"),
        lab.Options.Measure ? "with measurements" : "without measurements (--measure adds them)",
    ];
}
