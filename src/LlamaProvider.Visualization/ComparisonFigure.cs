using System.Globalization;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization.Charts;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization;

/// <summary>A distribution and what it is called.</summary>
/// <param name="Name">The name, such as <c>T = 0.5</c>.</param>
/// <param name="Distribution">The distribution, such as <see cref="TokenStep.Final"/> of one run.</param>
public readonly record struct NamedDistribution(string Name, TraceDistribution Distribution);

/// <summary>Several distributions over rank as curves, such as one token at several temperatures.</summary>
public static class ComparisonFigure
{
    /// <summary>The most curves that can be told apart.</summary>
    public const int MostCurves = 8;

    private static readonly Ink[] Inks = [Ink.Kept, Ink.Chosen, Ink.Rejected, Ink.Muted];

    /// <summary>Draws the distributions, each in its own order of ranks.</summary>
    /// <param name="title">What is compared.</param>
    /// <param name="distributions">The distributions. Range: 1 to 8.</param>
    /// <exception cref="ArgumentException">There are none, or too many.</exception>
    public static Figure Of(string title, params IReadOnlyList<NamedDistribution> distributions)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(distributions);
        if (distributions.Count is < 1 or > MostCurves)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{distributions.Count} distributions are to be compared, but a figure shows 1 to {MostCurves}. Choose fewer, or draw several figures."), nameof(distributions));
        }

        var canvas = new Canvas(720) { Height = 390 };
        int ranks = distributions.Max(named => named.Distribution.Top.Count);
        string line = string.Create(CultureInfo.InvariantCulture, $"Probability of the {ranks} most probable candidates, each curve in its own order.");
        double top = canvas.Head(title, line);
        var x = new LinearScale(1, ranks, 70, 540);
        var y = new LinearScale(0, distributions.Max(named => named.Distribution.Top.Max(candidate => candidate.Probability)), 340, top + 10);
        Axes.Draw(canvas, x, y, "rank", "probability");
        for (int i = 0; i < distributions.Count; i++)
        {
            DrawCurve(canvas, distributions[i], i, x, y, top + 20 + (18 * i));
        }

        string words = string.Join("; ", distributions.Select(named => $"{named.Name}: {Numbers.Percent(named.Distribution.Top[0].Probability)} for the first, entropy {Numbers.Short(named.Distribution.Entropy)} nats"));
        return new Figure(title, $"{line} {words}.", canvas);
    }

    private static void DrawCurve(Canvas canvas, NamedDistribution named, int index, Scale x, Scale y, double legend)
    {
        Ink ink = Inks[index % Inks.Length];
        bool isDashed = index >= Inks.Length;
        IReadOnlyList<TraceCandidate> candidates = named.Distribution.Top;
        Spot[] points = [.. candidates.Select((candidate, i) => new Spot(x.Map(i + 1), y.Map(candidate.Probability)))];
        IEnumerable<Shape> dots = points.Select(point => new Dot(point.X, point.Y, 2.5, ink));
        canvas.Add(new Mark(
            "distribution",
            named.Name,
            [
                new("name", named.Name), new("candidates", named.Distribution.Candidates), new("probabilities", string.Join(' ', candidates.Select(candidate => Numbers.Exact(candidate.Probability)))),
            ],
            [
                new Line(ink, 2, isDashed, points), .. dots, new Line(ink, 2, isDashed, new Spot(556, legend - 4), new Spot(580, legend - 4)), new Label(586, legend, VisibleText.Cut(named.Name, 20)),
            ]));
    }
}
