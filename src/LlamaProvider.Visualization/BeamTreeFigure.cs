using System.Globalization;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization;

/// <summary>The tree of a beam search: what each level looked at, its scores, what went on and why the rest did not. Groups of a diverse search stand below each other, level beside level.</summary>
public static class BeamTreeFigure
{
    private const double Left = 16;
    private const double Column = 132;
    private const double Row = 32;
    private const double BoxWidth = 104;
    private const double BoxHeight = 26;

    /// <summary>Draws the tree from the prompt to the right. The answer's path is the thick one; of groups, tokens that no other group kept at the same level are bold.</summary>
    /// <param name="trace">The trace of a beam search.</param>
    /// <param name="levels">The most levels, from the first one. Range: 1 and more. Default: 12.</param>
    /// <exception cref="TraceNotCapturedException">The trace holds no beam search.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is not one level.</exception>
    public static Figure Of(AnswerTrace trace, int levels = 12)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        IReadOnlyList<BeamStep> all = Captured.Steps<BeamStep>(trace, "the tree of a beam search", "Capture an answer of options.UseBeamSearch or UseDiverseBeamSearch with CaptureTrace.");
        int first = all.Min(step => step.Position);
        BeamStep[] steps = [.. all.Where(step => step.Position - first < levels)];
        BeamLeaf[] leaves = [.. trace.Steps.OfType<BeamResultStep>().SelectMany(step => step.Leaves)];
        string title = "Beam search: the tree";
        string line = Line(all, steps, leaves);
        int depth = steps.Max(step => step.Position) - first + 1;
        var canvas = new Canvas(Math.Max(420, Left + (Column * (depth + 1)) + 8));
        var tree = new BeamTree(steps, first, leaves);
        double top = canvas.Head(title, line);
        foreach (IGrouping<int, BeamStep> group in steps.GroupBy(step => step.Group).OrderBy(group => group.Key))
        {
            top = DrawGroup(canvas, tree, group, top);
        }

        canvas.Height = top + 8;
        return new Figure(title, $"{line} {Words(all, leaves)}", canvas);
    }

    private static double DrawGroup(Canvas canvas, BeamTree tree, IGrouping<int, BeamStep> group, double top)
    {
        canvas.Add(new Label(Left, top + 12, string.Create(CultureInfo.InvariantCulture, $"group {group.Key}"), Ink.Muted, IsBold: true));
        double begin = top + 20;
        canvas.Add(new Box(Left, begin, BoxWidth, BoxHeight, Ink.Grid));
        canvas.Add(new Label(Left + 8, begin + 17, "prompt", Size: Label.Small));
        var places = new Dictionary<int, Spot> { [BeamTree.Prompt] = new(Left, begin) };
        foreach (BeamStep step in group.OrderBy(step => step.Position))
        {
            for (int i = 0; i < step.Nodes.Count; i++)
            {
                BeamNode node = step.Nodes[i];
                var place = new Spot(Left + (Column * tree.Level(step)), begin + (Row * i));
                places[node.Id] = place;
                canvas.Add(tree.Edge(node, places, BoxWidth, BoxHeight));
                canvas.Add(DrawNode(tree, step, node, place));
            }

            if (step.Omitted > 0)
            {
                canvas.Add(new Label(Left + (Column * tree.Level(step)), begin + (Row * step.Nodes.Count) + 10, $"and {Numbers.Count(step.Omitted)} pruned", Ink.Muted, Label.Small));
            }
        }

        return begin + (Row * group.Max(step => step.Nodes.Count + (step.Omitted > 0 ? 1 : 0))) + 12;
    }

    private static Mark DrawNode(BeamTree tree, BeamStep step, BeamNode node, Spot place)
    {
        Ink ink = BeamTree.InkOf(node.Outcome);
        bool goesOn = node.Outcome is BeamOutcome.Kept or BeamOutcome.Finished;
        string text = VisibleText.Of(node.Text, 9);
        string paid = node.DiversityPenalty == 0 ? "" : $", pays {Numbers.Short(node.DiversityPenalty)}";
        return new Mark(
            "node",
            $"{text}: score {Numbers.Short(node.Score)}, log-probability {Numbers.Short(node.LogProbability)}{paid}; {BeamTree.Said(node.Outcome)}{tree.SaidResult(node.Id)}",
            [
                new("id", node.Id), new("parent", node.Parent), new("group", step.Group), new("level", tree.Level(step)), new("token", node.Token), new("text", node.Text),
                new("log-probability", node.LogProbability), new("score", node.Score), new("diversity-penalty", node.DiversityPenalty), new("outcome", node.Outcome.ToString()),
            ],
            new Box(place.X, place.Y, BoxWidth, BoxHeight, Ink.Surface),
            new Box(place.X, place.Y, BoxWidth, BoxHeight, ink, IsOutline: !goesOn, Opacity: goesOn ? 0.25 : 1),
            new Label(place.X + 6, place.Y + 17, text, goesOn ? Ink.Text : Ink.Muted, IsBold: goesOn && tree.IsOwn(step, node)),
            new Label(place.X + BoxWidth - 5, place.Y + 11, Numbers.Short(node.Score), Ink.Muted, Label.Small, Anchor.End),
            new Label(place.X + BoxWidth - 5, place.Y + 22, node.DiversityPenalty == 0 ? BeamTree.Sign(node.Outcome) : $"−{Numbers.Short(node.DiversityPenalty)}", Ink.Rejected, Label.Small, Anchor.End));
    }

    private static string Line(IReadOnlyList<BeamStep> all, IReadOnlyList<BeamStep> steps, BeamLeaf[] leaves)
    {
        int shown = steps.Select(step => step.Position).Distinct().Count();
        int levels = all.Select(step => step.Position).Distinct().Count();
        string results = leaves.Length == 0 ? "The trace does not hold the results." : $"{Numbers.Count(leaves.Length)} results.";
        return $"{Numbers.Count(shown)} of {Numbers.Count(levels)} levels, {Numbers.Count(all.Select(step => step.Group).Distinct().Count())} groups. {results}";
    }

    private static string Words(IReadOnlyList<BeamStep> all, BeamLeaf[] leaves)
    {
        string outcomes = string.Join(
            ", ", all.SelectMany(step => step.Nodes).GroupBy(node => node.Outcome).OrderBy(group => group.Key).Select(group => $"{Numbers.Count(group.Count())} {BeamTree.Said(group.Key)}"));
        string best = leaves.Length == 0 ? "" : $" The answer has score {Numbers.Short(leaves[0].Score)}.";
        return $"Continuations: {outcomes}.{best}";
    }
}
