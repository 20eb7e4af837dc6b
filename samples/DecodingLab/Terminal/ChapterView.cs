using System.Globalization;
using DecodingLab.Chapters;
using LlamaProvider.Visualization.Measurements;
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

    private static Table Measured(IReadOnlyList<MeasuredRow> rows)
    {
        Table table = new Table().AddColumns("measured", "value", "unit");
        foreach (MeasuredRow row in rows)
        {
            table.AddRow(Markup.Escape(row.Figure), row.Ours.ToString("#,0.0", CultureInfo.InvariantCulture), row.Unit);
        }

        return table;
    }
}
