using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization.Charts;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization;

/// <summary>How many tokens the constraint allowed at each place of an answer, on a logarithmic scale.</summary>
public static class MaskSizeFigure
{
    private const double Bottom = 260;
    private const double Left = 80;

    /// <summary>Draws a bar for each token that was chosen under a constraint or appended because it was forced.</summary>
    /// <param name="trace">The trace of an answer with a constraint.</param>
    /// <exception cref="TraceNotCapturedException">No constraint held the answer.</exception>
    public static Figure Of(AnswerTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        Allowance[] steps = [.. trace.Steps.Select(step => Allowance.Of(step, trace.Draw)).OfType<Allowance>().OrderBy(step => step.Position)];
        if (steps.Length == 0)
        {
            Captured.Throw(trace, "what a constraint allowed", "Capture an answer with ResponseFormat, UseJsonSchema, UseRegex, UseGrammar or another constraint.");
        }

        int forced = steps.Count(step => step.Allowed == 1);
        string title = "Tokens that the constraint allowed";
        string line = $"{Numbers.Count(steps.Length)} places, of which {Numbers.Count(forced)} left no choice; from {Numbers.Count(steps.Min(step => step.Allowed))} to {Numbers.Count(steps.Max(step => step.Allowed))} tokens.";
        double slot = Math.Clamp(640.0 / steps.Length, 4, 30);
        var canvas = new Canvas(Math.Max(480, Left + (slot * steps.Length) + 20)) { Height = Bottom + 66 };
        double top = canvas.Head(title, line);
        var x = new LinearScale(0, steps.Length, Left, Left + (slot * steps.Length));
        var y = new LogScale(1, Math.Max(10, steps.Max(step => step.Allowed)), Bottom, top + 10);
        Axes.Upright(canvas, x, y, "allowed tokens");
        for (int i = 0; i < steps.Length; i++)
        {
            canvas.Add(MarkOf(steps[i], x.Map(i), slot, y));
        }

        canvas.Add(new Label((x.From + x.To) / 2, Bottom + 58, "place in the answer", Ink.Muted, Label.Normal, Anchor.Middle));
        return new Figure(title, line, canvas);
    }

    private static Mark MarkOf(Allowance step, double left, double slot, Scale y)
    {
        // One allowed token is at the axis's beginning and still a bar.
        double height = Math.Max(3, y.From - y.Map(step.Allowed));
        string text = VisibleText.Of(step.Token.Text, 8);
        List<Shape> shapes = [new Box(left + 1, y.From - height, slot - 2, height, step.Allowed == 1 ? Ink.Chosen : Ink.Kept)];
        if (slot >= 10)
        {
            shapes.Add(new Label(left + (slot / 2) + 3, y.From + 10, text, Ink.Muted, Math.Min(Label.Small, slot), Anchor.End, Rotation: -45));
        }

        List<Datum> data = [new("position", step.Position), new("token", step.Token.Id), new("text", step.Token.Text), new("allowed", step.Allowed)];
        if (step.Probability is double probability)
        {
            data.Add(new("allowed-probability", probability));
        }

        string share = step.Probability is double told ? $", which had {Numbers.Percent(told)}" : ", appended without asking the model";
        return new Mark("mask", $"{step.Position}: {text}, {Numbers.Count(step.Allowed)} allowed{share}", data, shapes);
    }

    /// <summary>What was allowed at one place; without a probability where the model was not asked.</summary>
    private sealed record Allowance(int Position, TraceToken Token, int Allowed, double? Probability)
    {
        public static Allowance? Of(TraceStep step, int? draw) => step switch
        {
            TokenStep { Mask: { } mask } token when token.Draw == draw => new Allowance(token.Position, token.Token, mask.Allowed, mask.AllowedProbability),
            ForcedStep forced => new Allowance(forced.Position, forced.Token, 1, null),
            _ => null,
        };
    }
}
