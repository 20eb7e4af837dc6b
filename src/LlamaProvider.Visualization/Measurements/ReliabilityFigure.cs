using LlamaProvider.Visualization.Charts;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization.Measurements;

/// <summary>Values that were said with about the same probability, and how many of them were right.</summary>
/// <param name="Count">How many. Range: 1 and more.</param>
/// <param name="Stated">The mean of their stated probabilities. Range: 0 to 1.</param>
/// <param name="Observed">The share of them that was right. Range: 0 to 1.</param>
public readonly record struct ReliabilityBin(int Count, double Stated, double Observed);

/// <summary>Whether stated probabilities come true: for each group the share that was right, over the probability that was stated. On the diagonal both are the same.</summary>
public static class ReliabilityFigure
{
    /// <summary>Draws a dot for each group, the larger the more values it has.</summary>
    /// <param name="title">What was stated.</param>
    /// <param name="bins">The groups. At least one.</param>
    /// <exception cref="ArgumentException">There are none, or one is out of range.</exception>
    public static Figure Of(string title, params IReadOnlyList<ReliabilityBin> bins)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(bins);
        if (bins.Count == 0 || bins.Any(bin => bin is not { Count: > 0, Stated: >= 0 and <= 1, Observed: >= 0 and <= 1 }))
        {
            throw new ArgumentException($"{bins.Count} groups are to be drawn, but there has to be one at least, each with a value or more and shares from 0 to 1. Leave empty groups out.", nameof(bins));
        }

        int all = bins.Sum(bin => bin.Count);
        string line = $"{Numbers.Count(all)} values in {Numbers.Count(bins.Count)} groups; on the dashed line what was stated came true.";
        var canvas = new Canvas(560) { Height = 420 };
        double top = canvas.Head(title, line);
        var x = new LinearScale(0, 1, 80, 500);
        var y = new LinearScale(0, 1, 360, top + 10);
        Axes.Draw(canvas, x, y, "stated probability", "share that was right");
        canvas.Add(new Line(Ink.Muted, 1, IsDashed: true, new Spot(x.From, y.From), new Spot(x.To, y.To)));
        foreach (ReliabilityBin bin in bins)
        {
            canvas.Add(new Mark(
                "reliability",
                $"stated {Numbers.Percent(bin.Stated)}, right {Numbers.Percent(bin.Observed)}, {Numbers.Count(bin.Count)} values",
                [new("count", bin.Count), new("stated", bin.Stated), new("observed", bin.Observed)],
                new Dot(x.Map(bin.Stated), y.Map(bin.Observed), 3 + (12 * Math.Sqrt((double)bin.Count / all)), Ink.Kept),
                new Label(x.Map(bin.Stated), y.Map(bin.Observed) - 16, Numbers.Count(bin.Count), Ink.Muted, Label.Small, Anchor.Middle)));
        }

        return new Figure(title, $"{line} {string.Join("; ", bins.Select(bin => $"stated {Numbers.Percent(bin.Stated)}: right {Numbers.Percent(bin.Observed)} of {Numbers.Count(bin.Count)}"))}.", canvas);
    }
}
