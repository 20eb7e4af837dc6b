using DecodingLab.Chapters;
using DecodingLab.Report;
using DecodingLab.Terminal;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization;
using Spectre.Console;

namespace DecodingLab.Traces;

/// <summary>Explains a saved trace.</summary>
internal sealed class TraceExplainer(IAnsiConsole console, OutputFolder output)
{
    public void Run(LabCommand.Explain command)
    {
        AnswerTrace trace = AnswerTrace.FromJson(Read(command.File));
        string name = Path.GetFileNameWithoutExtension(command.File);
        if (command.Figure is { } wanted)
        {
            Figure figure = TraceFigures.Draw(wanted, trace, command.Position);
            console.WriteLine(figure.Description);
            console.WriteLine(output.Write($"{name}-{wanted}.svg", figure.ToSvg()));
            return;
        }

        for (int step = 0; step < trace.Steps.Count; step++)
        {
            console.WriteLine(TerminalText.Clean(trace.Explain(step)));
        }

        var section = new ReportSection
        {
            Id = "trace",
            Title = $"How {name} came about",
            Figures = [.. TraceFigures.DrawAll(trace, command.Position).Select(static drawn => new ShownFigure(drawn.Figure, drawn.Caption))],
            Answers = [new ReportAnswer(name, Prompt: null, trace)],
        };
        string file = output.Write($"{name}.html", HtmlReport.Write(new ReportContent("Decoding lab: a trace", [trace.Model.Name, FormattableString.Invariant($"seed {trace.Request.Seed}")], [section])));
        console.WriteLine($"The report: {file}");
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"The trace '{path}' cannot be read: {error.Message} Name a file that AnswerTrace.ToJson wrote; the tour leaves some in its output folder.", error);
        }
    }
}
