using System.Globalization;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization;

/// <summary>Drafts over their verification: what was drafted with which probability, how far it was accepted, and what came instead or in addition.</summary>
public static class DraftStripFigure
{
    private const double Left = 110;
    private const double Cell = 84;
    private const double CellHeight = 32;
    private const double Strip = 112;

    /// <summary>Draws the first drafts of an answer, a strip each.</summary>
    /// <param name="trace">The trace of an answer with speculative decoding.</param>
    /// <param name="drafts">The most drafts. Range: 1 and more. Default: 8.</param>
    /// <exception cref="TraceNotCapturedException">The trace holds no draft.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is not one draft to draw.</exception>
    public static Figure Of(AnswerTrace trace, int drafts = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(drafts, 1);
        const string Remedy = "Capture an answer of options.UseSpeculativeDecoding or UsePromptLookup with CaptureTrace.";
        DraftStep[] steps = [.. Captured.Steps<DraftStep>(trace, "drafts and their verification", Remedy).Where(step => step.Tokens.Count > 0)];
        if (steps.Length == 0)
        {
            Captured.Throw(trace, "a draft with tokens", "No drafter had an offer that pays; ask for drafts of a fixed length.");
        }

        DraftStep[] shown = [.. steps.Take(drafts)];
        int drafted = steps.Sum(step => step.Tokens.Count);
        int accepted = steps.Sum(step => step.Accepted);
        string title = "Drafts and their verification";
        string line = $"{Numbers.Count(shown.Length)} of {Numbers.Count(steps.Length)} drafts; of all {Numbers.Count(drafted)} drafted tokens {Numbers.Count(accepted)} were accepted ({Numbers.Percent((double)accepted / drafted)}).";
        var canvas = new Canvas(Math.Max(480, Left + (Cell * (shown.Max(step => step.Tokens.Count) + 1)) + 16));
        double top = canvas.Head(title, line);
        canvas.Height = top + (Strip * shown.Length);
        for (int i = 0; i < shown.Length; i++)
        {
            Draw(canvas, shown[i], top + (Strip * i));
        }

        return new Figure(title, $"{line} {string.Join(" ", shown.Select(Words))}", canvas);
    }

    private static void Draw(Canvas canvas, DraftStep step, double top)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"position {step.Position}: {step.Drafter}, length {step.Tokens.Count} of at most {step.Limit}, {ReasonOf(step.Reason)}");
        canvas.Add(new Label(16, top + 12, head, Ink.Muted, Label.Small));
        double draft = top + 20;
        double verified = draft + CellHeight + 6;
        canvas.Add(new Label(16, draft + 20, "draft (q)", Ink.Muted));
        canvas.Add(new Label(16, verified + 20, "verified (p)", Ink.Muted));
        for (int i = 0; i < step.Tokens.Count; i++)
        {
            canvas.Add(DraftMark(step.Tokens[i], i, draft, verified));
        }

        if (step.Accepted > 0)
        {
            double line = verified + CellHeight + 5;
            canvas.Add(new Mark(
                "accepted", $"{Numbers.Count(step.Accepted)} accepted", [new("count", step.Accepted)], new Line(Ink.Chosen, 3, IsDashed: false, new Spot(Left, line), new Spot(Left + (Cell * step.Accepted) - 6, line))));
        }

        if ((step.Correction ?? step.Bonus) is TraceToken own)
        {
            string kind = step.Correction is null ? "bonus" : "correction";
            canvas.Add(new Mark(
                kind, $"{kind}: {VisibleText.Of(own.Text)}", [new("token", own.Id), new("text", own.Text)], TokenCell(step.Accepted, verified, own.Text, kind, Ink.Kept, isOutline: false)));
        }
    }

    private static Mark DraftMark(DraftedToken token, int index, double draft, double verified)
    {
        Ink ink = InkOf(token.Outcome);
        bool isAccepted = token.Outcome is DraftOutcome.Accepted or DraftOutcome.Forced;
        string q = Numbers.Percent(token.DraftProbability);
        string p = token.Probability is double probability ? Numbers.Percent(probability) : SaidWithoutDraw(token.Outcome);
        List<Datum> data = [new("index", index), new("token", token.Token), new("text", token.Text), new("q", token.DraftProbability), new("outcome", token.Outcome.ToString())];
        List<Shape> shapes = [.. TokenCell(index, draft, token.Text, q, ink, isOutline: token.Outcome == DraftOutcome.NotReached)];
        if (token.Probability is double decided)
        {
            data.Add(new("p", decided));
        }

        if (isAccepted)
        {
            shapes.AddRange(TokenCell(index, verified, token.Text, p, ink, isOutline: false));
        }
        else if (token.Outcome == DraftOutcome.Rejected)
        {
            // What took its place stands below it, so its p is written between the two.
            shapes.Add(new Label(Left + (Cell * index) + Cell - 12, draft + 13, $"p {p}", Ink.Rejected, Label.Small, Anchor.End));
        }

        return new Mark("drafted", $"{VisibleText.Of(token.Text)}: q {q}, p {p}, {token.Outcome}", data, shapes);
    }

    private static Shape[] TokenCell(int index, double top, string text, string below, Ink ink, bool isOutline)
    {
        double left = Left + (Cell * index);
        return
        [
            new Box(left, top, Cell - 6, CellHeight, ink, isOutline, isOutline ? 1 : 0.25),
            new Label(left + 5, top + 13, VisibleText.Of(text, 7), IsBold: true),
            new Label(left + 5, top + 26, below, Ink.Muted, Label.Small),
        ];
    }

    private static Ink InkOf(DraftOutcome outcome) => outcome switch
    {
        DraftOutcome.Accepted or DraftOutcome.Forced => Ink.Chosen,
        DraftOutcome.Rejected => Ink.Rejected,
        _ => Ink.Removed,
    };

    private static string SaidWithoutDraw(DraftOutcome outcome) => outcome == DraftOutcome.Forced ? "forced" : "not decided";

    private static string ReasonOf(DraftLengthReason reason) => reason switch
    {
        DraftLengthReason.Fixed => "as asked for",
        DraftLengthReason.Unmeasured => "since nothing was measured yet",
        DraftLengthReason.Fastest => "the fastest by measurement",
        DraftLengthReason.Probe => "to see whether drafts pay",
        _ => reason.ToString(),
    };

    private static string Words(DraftStep step)
    {
        string own = step.Correction is TraceToken correction ? $", {VisibleText.Of(correction.Text)} replaced the next" : step.Bonus is TraceToken bonus ? $", and {VisibleText.Of(bonus.Text)} came in addition" : "";
        return $"At position {Numbers.Count(step.Position)} {step.Drafter} drafted {string.Join(' ', step.Tokens.Select(token => VisibleText.Of(token.Text)))}: {Numbers.Count(step.Accepted)} accepted{own}.";
    }
}
