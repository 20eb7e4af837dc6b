using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization.Charts;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization;

/// <summary>The candidates of a step of contrastive search: confidence against similarity to the text so far. The best are on the right and low.</summary>
public static class ContrastiveFigure
{
    /// <summary>Draws the candidates of one place, with the line of those that would score as the chosen one.</summary>
    /// <param name="trace">The trace of a contrastive search.</param>
    /// <param name="position">The token's place in the answer, from 0.</param>
    /// <exception cref="TraceNotCapturedException">The trace does not hold that step of a contrastive search.</exception>
    public static Figure Of(AnswerTrace trace, int position)
    {
        IReadOnlyList<ContrastiveStep> steps = Captured.Steps<ContrastiveStep>(trace, "the candidates of a contrastive search", "Capture an answer of options.UseContrastiveSearch with CaptureTrace.");
        ContrastiveStep? step = steps.FirstOrDefault(step => step.Position == position);
        if (step is null)
        {
            Captured.Throw(trace, $"the contrastive choice at position {position}", $"Ask for a position from {steps.Min(step => step.Position)} to {steps.Max(step => step.Position)}.");
        }

        ContrastiveCandidate chosen = step.Candidates[step.Chosen];
        string title = $"Contrastive search: token {position + 1}";
        string line = $"α = {Numbers.Short(step.Alpha)}; score = (1 − α) · probability − α · similarity. Chosen: {VisibleText.Of(chosen.Text)} with {Numbers.Short(chosen.Score)}.";
        var canvas = new Canvas(640) { Height = 430 };
        double top = canvas.Head(title, line);
        double least = Math.Min(0, step.Candidates.Min(candidate => candidate.Similarity));
        var x = new LinearScale(0, Math.Max(1e-6, step.Candidates.Max(candidate => candidate.Probability)), 80, 540);
        var y = new LinearScale(least, 1, 370, top + 10);
        Axes.Draw(canvas, x, y, "probability (confidence)", "similarity (repetition)");
        DrawEqualScores(canvas, step, x, y, least);
        for (int i = 0; i < step.Candidates.Count; i++)
        {
            canvas.Add(MarkOf(step.Candidates[i], i == step.Chosen, x, y));
        }

        string words = string.Join("; ", step.Candidates.OrderByDescending(candidate => candidate.Score).Select(Said));
        return new Figure(title, $"{line} Best first: {words}.", canvas);
    }

    private static Mark MarkOf(ContrastiveCandidate candidate, bool isChosen, Scale x, Scale y)
    {
        double left = x.Map(candidate.Probability);
        double top = y.Map(candidate.Similarity);
        return new Mark(
            "candidate",
            $"{Said(candidate)}{(isChosen ? ", chosen" : "")}",
            [
                new("token", candidate.Token), new("text", candidate.Text), new("probability", candidate.Probability), new("similarity", candidate.Similarity), new("score", candidate.Score),
                new("chosen", isChosen ? "true" : "false"),
            ],
            new Dot(left, top, isChosen ? 6 : 4, isChosen ? Ink.Chosen : Ink.Kept),
            new Label(left + 9, top + 4, VisibleText.Of(candidate.Text, 12), IsBold: isChosen));
    }

    /// <summary>Where the score is the chosen one's: what is above or left of the line scores less. With α = 0 similarity counts nothing, and with α = 1 nothing else does.</summary>
    private static void DrawEqualScores(Canvas canvas, ContrastiveStep step, Scale x, Scale y, double least)
    {
        double score = step.Candidates[step.Chosen].Score;
        double most = Math.Max(1e-6, step.Candidates.Max(candidate => candidate.Probability));
        Spot[] points = step.Alpha == 0
            ? [new(x.Map(score), y.Map(least)), new(x.Map(score), y.Map(1))]
            : [.. Enumerable.Range(0, 101).Select(i => most * i / 100).Select(p => (p, Similarity: (((1 - step.Alpha) * p) - score) / step.Alpha)).Where(at => at.Similarity >= least && at.Similarity <= 1).Select(at => new Spot(x.Map(at.p), y.Map(at.Similarity)))];
        if (points.Length > 1)
        {
            canvas.Add(new Mark("equal-scores", $"Score {Numbers.Short(score)}", [new("score", score)], new Line(Ink.Muted, 1, IsDashed: true, points)));
        }
    }

    private static string Said(ContrastiveCandidate candidate) =>
        $"{VisibleText.Of(candidate.Text)} probability {Numbers.Percent(candidate.Probability)}, similarity {Numbers.Short(candidate.Similarity)}, score {Numbers.Short(candidate.Score)}";
}
