using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization.Charts;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization;

/// <summary>How far the stages of one choice reach: how many candidates each left, and how much probability it took away.</summary>
public static class StageReachFigure
{
    private const double Left = 130;
    private const double Right = 470;
    private const double Row = 26;

    /// <summary>The candidates after the constraint and every stage of a token, as bars on a logarithmic scale.</summary>
    /// <param name="trace">A trace of level <see cref="TraceLevel.Stages"/>.</param>
    /// <param name="position">The token's place in the answer, from 0.</param>
    /// <exception cref="TraceNotCapturedException">The trace does not hold how that token was chosen. The message says how to capture it.</exception>
    public static Figure Of(AnswerTrace trace, int position)
    {
        TraceDistribution model = Captured.Model(trace, position);
        IReadOnlyList<Cut> cuts = Captured.Cuts(trace, position);
        string title = $"Token {position + 1}: what the stages left";
        string line = $"Of {Numbers.Count(model.Candidates)} candidates; logarithmic scale.";
        var canvas = new Canvas(760);
        double top = canvas.Head(title, line);
        double bottom = top + 8 + (Row * (cuts.Count + 1));
        canvas.Height = bottom + 50;
        var x = new LogScale(1, Math.Max(10, model.Candidates), Left, Right);
        Axes.Draw(canvas, x, new LinearScale(0, 1, bottom, bottom), "candidates", "");
        canvas.Add(MarkOf("model", model, 0, 0, x, top));
        for (int i = 0; i < cuts.Count; i++)
        {
            canvas.Add(MarkOf(cuts[i].Name, cuts[i].After, cuts[i].Removed, cuts[i].RemovedProbability, x, top + (Row * (i + 1))));
        }

        string words = string.Join("; ", cuts.Select(cut => $"{cut.Name} leaves {Numbers.Count(cut.After.Candidates)} and removes {Numbers.Percent(cut.RemovedProbability)}"));
        return new Figure(title, $"{line} {words}.", canvas);
    }

    private static Mark MarkOf(string name, TraceDistribution after, int removed, double removedProbability, Scale x, double top)
    {
        string told = removed == 0 ? "removes none" : $"removes {Numbers.Count(removed)} with {Numbers.Percent(removedProbability)}";
        string text = $"{Numbers.Count(after.Candidates)} left, {told}, entropy {Numbers.Short(after.Entropy)}";
        // A single candidate is at the axis's beginning and still a bar.
        double right = Math.Max(x.From + 2, x.Map(after.Candidates));
        return new Mark(
            "stage",
            $"{name}: {text}",
            [
                new("name", name), new("candidates", after.Candidates), new("removed", removed), new("removed-probability", removedProbability), new("entropy", after.Entropy),
            ],
            new Label(x.From - 8, top + 16, VisibleText.Cut(name, 18), Anchor: Anchor.End),
            new Box(x.From, top + 4, right - x.From, Row - 8, Ink.Kept),
            new Label(x.To + 12, top + 16, text, Ink.Muted, Label.Small));
    }
}
