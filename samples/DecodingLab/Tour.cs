using DecodingLab.Chapters;
using DecodingLab.Measuring;
using DecodingLab.Report;
using DecodingLab.Terminal;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding;
using Spectre.Console;

namespace DecodingLab;

/// <summary>Runs chapters, explains each as it ends, and writes the report.</summary>
/// <remarks>A chapter that the model or the options rule out (contrastive search without hidden states, a schema that cannot be enforced) is said, and the tour goes on.</remarks>
internal sealed class Tour(IAnsiConsole console, OutputFolder output, Lab lab)
{
    /// <returns>Whether all chapters could run.</returns>
    public async Task<bool> RunAsync(IReadOnlyList<IChapter> chapters, CancellationToken cancellationToken)
    {
        var view = new ChapterView(console);
        var sections = new List<ReportSection>();
        var measured = new List<BenchmarkRow>();
        bool isComplete = true;
        foreach (IChapter chapter in chapters)
        {
            string title = chapters.Count == 1 ? chapter.Title : $"{sections.Count + 1} of {chapters.Count}: {chapter.Title}";
            ChapterRun run;
            try
            {
                run = await Progressing.RunAsync(console, title, progress => chapter.RunAsync(lab, progress, cancellationToken));
            }
            catch (LlamaException error) when (chapters.Count > 1)
            {
                run = new ChapterRun { Findings = [Finding.Of($"This chapter could not run: {error.Message}")], Answers = [] };
                isComplete = false;
            }

            view.Show(chapter, run);
            sections.Add(ReportSection.Of(chapter, run));
            measured.AddRange(run.Measurements);
            SaveTraces(chapter, run);
        }

        MeasurementFile.Write(lab, measured);
        string file = output.Write("report.html", HtmlReport.Write(new ReportContent("Decoding lab", Facts(), sections)));
        console.WriteLine($"The report, where a click on a token shows how it was chosen: {file}");
        return isComplete;
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
