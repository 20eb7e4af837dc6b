using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization.Charts;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization;

/// <summary>The probabilities that a token was chosen by, over rank: of the model, and what each stage made of them.</summary>
/// <remarks>As many candidates are drawn as the trace shows (<see cref="AnswerTrace.Top"/>); what the others have together is said in words.</remarks>
public static class DistributionFigure
{
    private const double Bottom = 300;
    private const double Slot = 34;

    /// <summary>What the model itself thought, before constraint and samplers.</summary>
    /// <param name="trace">A trace of level <see cref="TraceLevel.Stages"/>.</param>
    /// <param name="position">The token's place in the answer, from 0.</param>
    /// <exception cref="TraceNotCapturedException">The trace does not hold how that token was chosen. The message says how to capture it.</exception>
    public static Figure OfModel(AnswerTrace trace, int position)
    {
        TraceDistribution model = Captured.Model(trace, position);
        TraceToken chosen = Captured.Token(trace, position).Token;
        string line = $"{Numbers.Count(model.Candidates)} candidates, of which {model.Top.Count} are shown; the others have {Numbers.Percent(model.Rest)}. Entropy {Numbers.Short(model.Entropy)} nats.";
        CutCandidate[] candidates = [.. model.Top.Select(candidate => new CutCandidate(candidate.Token, candidate.Text, null, candidate.Probability, IsRemoved: false))];
        return Draw($"Token {position + 1} as the model saw it", line, candidates, chosen);
    }

    /// <summary>What a stage made of the candidates: before it, after it, and where it cut.</summary>
    /// <param name="trace">A trace of level <see cref="TraceLevel.Stages"/>.</param>
    /// <param name="position">The token's place in the answer, from 0.</param>
    /// <param name="stage">The stage's or selector's name, as in the pipeline's JSON (<c>top_k</c>, <c>temperature</c>, <c>greedy</c>, …), or <c>constraint</c>. Of several with the name the first.</param>
    /// <exception cref="TraceNotCapturedException">The trace does not hold how that token was chosen, or no such stage ran. The message says how to capture it.</exception>
    public static Figure OfStage(AnswerTrace trace, int position, string stage)
    {
        Cut cut = Captured.Stage(trace, position, stage);
        string line = $"{Numbers.Count(cut.Before.Candidates)} candidates before, {Numbers.Count(cut.After.Candidates)} after; the {Numbers.Count(cut.Removed)} removed had {Numbers.Percent(cut.RemovedProbability)}.";
        return Draw($"Token {position + 1}: what {stage} did", line, cut.Candidates(), Captured.Token(trace, position).Token);
    }

    private static Figure Draw(string title, string line, IReadOnlyList<CutCandidate> candidates, TraceToken chosen)
    {
        const double Left = 70;
        var canvas = new Canvas(Math.Max(480, Left + (Slot * candidates.Count) + 24)) { Height = Bottom + 90 };
        double top = canvas.Head(title, line);
        double most = candidates.Max(candidate => Math.Max(candidate.Before ?? 0, candidate.After ?? 0));
        var x = new LinearScale(0, candidates.Count, Left, Left + (Slot * candidates.Count));
        var y = new LinearScale(0, most, Bottom, top + 20);
        Axes.Upright(canvas, x, y, "probability");
        for (int i = 0; i < candidates.Count; i++)
        {
            canvas.Add(MarkOf(candidates[i], i, x, y, candidates[i].Token == chosen.Id));
        }

        DrawCut(canvas, candidates, x, top);
        return new Figure(title, $"{line} {Words(candidates, chosen)}", canvas);
    }

    private static Mark MarkOf(CutCandidate candidate, int index, Scale x, Scale y, bool isChosen)
    {
        string text = VisibleText.Of(candidate.Text, 10);
        double left = x.Map(index) + 4;
        const double Width = Slot - 8;
        var shapes = new List<Shape>();
        if (candidate.After is double after)
        {
            shapes.Add(new Box(left, y.Map(after), Width, y.From - y.Map(after), isChosen ? Ink.Chosen : Ink.Kept));
        }

        if (candidate.Before is double before)
        {
            shapes.Add(new Box(left, y.Map(before), Width, y.From - y.Map(before), candidate.IsRemoved ? Ink.Rejected : Ink.Muted, IsOutline: true));
        }

        Ink ink = candidate.IsRemoved ? Ink.Muted : Ink.Text;
        shapes.Add(new Label(left + (Width / 2), y.From + 12, Numbers.Count(index + 1), Ink.Muted, Label.Small, Anchor.Middle));
        shapes.Add(new Label(left + (Width / 2) + 4, y.From + 24, text, ink, Label.Small, Anchor.End, IsBold: isChosen, Rotation: -45));
        return new Mark("candidate", $"{index + 1}: {text}, {Said(candidate)}{(isChosen ? ", chosen" : "")}", Data(candidate, index, isChosen), shapes);
    }

    private static List<Datum> Data(CutCandidate candidate, int index, bool isChosen)
    {
        List<Datum> data = [new("rank", index + 1), new("token", candidate.Token), new("text", candidate.Text)];
        if (candidate.Before is double before)
        {
            data.Add(new("before", before));
        }

        if (candidate.After is double after)
        {
            data.Add(new("after", after));
        }

        data.Add(new("state", isChosen ? "chosen" : candidate.IsRemoved ? "removed" : candidate.After is null ? "not-shown" : "kept"));
        return data;
    }

    /// <summary>A line behind the last candidate that stays, where those that stay are the first ones.</summary>
    private static void DrawCut(Canvas canvas, IReadOnlyList<CutCandidate> candidates, Scale x, double top)
    {
        int kept = candidates.TakeWhile(candidate => !candidate.IsRemoved).Count();
        if (kept < candidates.Count && candidates.Skip(kept).All(candidate => candidate.IsRemoved))
        {
            canvas.Add(new Mark(
                "cut",
                $"Cut after rank {kept}",
                [new("rank", kept)],
                new Line(Ink.Rejected, 1.5, IsDashed: true, new Spot(x.Map(kept), top), new Spot(x.Map(kept), Bottom)),
                new Label(x.Map(kept) + 4, top + 10, "cut", Ink.Rejected, Label.Small)));
        }
    }

    private static string Words(IReadOnlyList<CutCandidate> candidates, TraceToken chosen) =>
        $"Best first: {string.Join("; ", candidates.Take(5).Select(candidate => $"{VisibleText.Of(candidate.Text)} {Said(candidate)}"))}. Chosen: {VisibleText.Of(chosen.Text)}.";

    private static string Said(CutCandidate candidate) => candidate switch
    {
        { Before: double before, IsRemoved: true } => $"{Numbers.Percent(before)}, removed",
        { Before: double before, After: double after } => $"{Numbers.Percent(before)}, then {Numbers.Percent(after)}",
        { Before: double before } => $"{Numbers.Percent(before)}, then not among those shown",
        { After: double after } => Numbers.Percent(after),
        _ => "",
    };
}
