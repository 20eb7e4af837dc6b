using System.Globalization;
using DecodingLab.Chapters;
using LlamaProvider.Benchmarks.Support;
using Spectre.Console;

namespace DecodingLab.Terminal;

/// <summary>A chapter in the terminal.</summary>
internal sealed class ChapterView(IAnsiConsole console)
{
    private const int ShownAnswers = 4;

    public void Show(IChapter chapter, ChapterRun run)
    {
        console.Write(new Rule($"[bold]{Markup.Escape(chapter.Title)}[/]").LeftJustified());
        Paragraph("What it does", chapter.Text.WhatItDoes);
        Paragraph("Advantages", chapter.Text.Advantages);
        Paragraph("Drawbacks", chapter.Text.Drawbacks);
        Paragraph("When to use it", chapter.Text.WhenToUse);
        console.MarkupLine("[bold]In this run[/]");
        foreach (Finding finding in run.Findings)
        {
            console.MarkupLine($"  • {Markup.Escape(TerminalText.Clean(finding.Text))}");
        }

        foreach (LabAnswer answer in run.Answers.Take(ShownAnswers))
        {
            console.MarkupLine($"[grey]{Markup.Escape(answer.Name)}:[/] {Markup.Escape(TerminalText.Clean(answer.Text))}");
        }

        if (run.Measurements.Count > 0)
        {
            console.Write(Measured(run.Measurements));
        }

        console.WriteLine();
    }

    private void Paragraph(string head, string text) => console.MarkupLine($"[bold]{head}:[/] {Markup.Escape(text)}");

    private static Table Measured(IReadOnlyList<BenchmarkRow> rows)
    {
        Table table = new Table().AddColumns("measured", "value", "unit", "beside", "value", "times as good (spread)");
        foreach (BenchmarkRow row in rows)
        {
            table.AddRow(
                Markup.Escape(row.Figure), Number(row.Ours), row.Unit, Markup.Escape(row.Peer ?? ""), row.PeerValue is double peer ? Number(peer) : "",
                row.Ratio is double ratio ? string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00} ({row.RatioSpread![0]:0.00} to {row.RatioSpread[1]:0.00})") : "");
        }

        return table;
    }

    private static string Number(double value) => value.ToString("#,0.0", CultureInfo.InvariantCulture);
}
