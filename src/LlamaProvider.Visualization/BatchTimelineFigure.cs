using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization.Charts;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization;

/// <summary>A request's trace and what the request is called.</summary>
/// <param name="Name">The name.</param>
/// <param name="Trace">Its trace, of level <see cref="TraceLevel.Full"/>.</param>
public readonly record struct NamedTrace(string Name, AnswerTrace Trace);

/// <summary>Which request took part in which of the engine's steps, over time.</summary>
public static class BatchTimelineFigure
{
    private const double Left = 130;
    private const double Right = 860;
    private const double Row = 30;

    /// <summary>Draws a row for each request and a box for each step that it took part in: as wide as the step took, prompts in another color than running answers.</summary>
    /// <param name="traces">Traces of requests to one engine. At least one.</param>
    /// <exception cref="TraceNotCapturedException">A trace holds none of the engine's steps. The message names it.</exception>
    /// <exception cref="ArgumentException">There are no traces.</exception>
    public static Figure Of(params IReadOnlyList<NamedTrace> traces)
    {
        ArgumentNullException.ThrowIfNull(traces);
        if (traces.Count == 0)
        {
            throw new ArgumentException("A timeline of 0 requests is asked for, but it needs one trace at least. Give the traces of requests that ran together.", nameof(traces));
        }

        (string Name, IReadOnlyList<BatchStep> Steps)[] rows = [.. traces.Select(named => (named.Name, Captured.Steps<BatchStep>(
            named.Trace, $"the engine's steps of request '{named.Name}'", $"The trace is of level {named.Trace.Level}; capture it with options.CaptureTrace(TraceLevel.Full).")))];
        BatchStep[] all = [.. rows.SelectMany(row => row.Steps)];
        double begin = all.Min(step => step.StartSeconds);
        double end = all.Max(step => EndOf(step));
        int steps = all.Select(step => step.EngineStep).Distinct().Count();
        int shared = all.GroupBy(step => step.EngineStep).Count(group => group.Count() > 1);
        string title = "Which request took part in which step";
        string line = $"{Numbers.Count(rows.Length)} requests, {Numbers.Count(steps)} steps in {Numbers.Short((end - begin) * 1000)} ms; {Numbers.Count(shared)} steps were shared by these requests.";
        var canvas = new Canvas(890);
        double top = canvas.Head(title, line);
        double bottom = top + (Row * rows.Length) + 8;
        canvas.Height = bottom + 48;
        var x = new LinearScale(0, (end - begin) * 1000, Left, Right);
        Axes.Draw(canvas, x, new LinearScale(0, 1, bottom, bottom), "milliseconds", "");
        for (int i = 0; i < rows.Length; i++)
        {
            double rowTop = top + (Row * i);
            canvas.Add(new Label(Left - 8, rowTop + 19, VisibleText.Cut(rows[i].Name, 16), Anchor: Anchor.End));
            foreach (BatchStep step in rows[i].Steps)
            {
                canvas.Add(MarkOf(rows[i].Name, step, begin, x, rowTop + 4));
            }
        }

        string words = string.Join("; ", rows.Select(row => $"{row.Name}: {Numbers.Count(row.Steps.Count)} steps, {Numbers.Count(row.Steps.Sum(step => step.OwnTokens))} tokens"));
        return new Figure(title, $"{line} {words}.", canvas);
    }

    private static Mark MarkOf(string name, BatchStep step, double begin, Scale x, double top)
    {
        double left = x.Map((step.StartSeconds - begin) * 1000);
        double width = Math.Max(1, x.Map((EndOf(step) - begin) * 1000) - left - 0.5);
        bool isPrompt = step.OwnTokens > 1 || !step.IsComplete;
        return new Mark(
            "batch",
            $"{name}, step {Numbers.Count(step.EngineStep)}: {Numbers.Count(step.OwnTokens)} of {Numbers.Count(step.Tokens)} tokens, {Numbers.Count(step.Requests)} requests, {Numbers.Short((EndOf(step) - step.StartSeconds) * 1000)} ms",
            [
                new("request", name), new("engine-step", step.EngineStep), new("start", step.StartSeconds), new("seconds", EndOf(step) - step.StartSeconds), new("own-tokens", step.OwnTokens),
                new("tokens", step.Tokens), new("requests", step.Requests),
            ],
            new Box(left, top, width, Row - 8, isPrompt ? Ink.Kept : Ink.Chosen));
    }

    private static double EndOf(BatchStep step) => step.StartSeconds + step.PlanSeconds + step.EvaluateSeconds + step.AdvanceSeconds;
}
