using LlamaProvider.Visualization.Charts;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization.Measurements;

/// <summary>A measured value under a condition that is a number.</summary>
/// <param name="X">The condition, such as the number of concurrent requests. Range: above 0.</param>
/// <param name="Y">The value. Range: above 0.</param>
public readonly record struct MeasuredPoint(double X, double Y);

/// <summary>Measured values that belong together.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Points">The values, in the order in which they are joined. At least one.</param>
public sealed record MeasuredCurve(string Name, IReadOnlyList<MeasuredPoint> Points);

/// <summary>Measured values over a condition, both logarithmic, such as throughput over concurrent requests.</summary>
public static class CurveFigure
{
    /// <summary>The most curves that can be told apart.</summary>
    public const int MostCurves = 8;

    private static readonly Ink[] Inks = [Ink.Kept, Ink.Rejected, Ink.Chosen, Ink.Muted];

    /// <summary>Draws the curves.</summary>
    /// <param name="title">What is compared.</param>
    /// <param name="nameOfX">What the condition is, with its unit.</param>
    /// <param name="nameOfY">What the values are, with their unit.</param>
    /// <param name="curves">The curves. Range: 1 to 8.</param>
    /// <exception cref="ArgumentException">There are no curves or too many, one has no points, or a point is not above 0.</exception>
    public static Figure Of(string title, string nameOfX, string nameOfY, params IReadOnlyList<MeasuredCurve> curves)
    {
        Validate(curves);
        MeasuredPoint[] all = [.. curves.SelectMany(curve => curve.Points)];
        string line = $"{nameOfY} over {nameOfX}; both axes are logarithmic.";
        var canvas = new Canvas(760) { Height = 400 };
        double top = canvas.Head(title, line);
        var x = new LogScale(all.Min(point => point.X), all.Max(point => point.X), 80, 560);
        var y = new LogScale(all.Min(point => point.Y) / 1.1, all.Max(point => point.Y) * 1.1, 350, top + 10);
        Axes.Draw(canvas, x, y, nameOfX, nameOfY);
        for (int i = 0; i < curves.Count; i++)
        {
            canvas.Add(MarkOf(curves[i], i, x, y, top + 20 + (18 * i)));
        }

        string words = string.Join("; ", curves.Select(curve => $"{curve.Name}: {string.Join(", ", curve.Points.Select(point => $"{Numbers.Short(point.Y)} at {Numbers.Short(point.X)}"))}"));
        return new Figure(title, $"{line} {words}.", canvas);
    }

    private static Mark MarkOf(MeasuredCurve curve, int index, Scale x, Scale y, double legend)
    {
        Ink ink = Inks[index % Inks.Length];
        bool isDashed = index >= Inks.Length;
        Spot[] points = [.. curve.Points.Select(point => new Spot(x.Map(point.X), y.Map(point.Y)))];
        IEnumerable<Shape> dots = points.Select(point => new Dot(point.X, point.Y, 3, ink));
        return new Mark(
            "curve",
            curve.Name,
            [
                new("name", curve.Name), new("x", string.Join(' ', curve.Points.Select(point => Numbers.Exact(point.X)))), new("y", string.Join(' ', curve.Points.Select(point => Numbers.Exact(point.Y)))),
            ],
            [new Line(ink, 2, isDashed, points), .. dots, new Line(ink, 2, isDashed, new Spot(576, legend - 4), new Spot(600, legend - 4)), new Label(606, legend, VisibleText.Cut(curve.Name, 22))]);
    }

    private static void Validate(IReadOnlyList<MeasuredCurve> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        if (curves.Count is < 1 or > MostCurves)
        {
            throw new ArgumentException($"{Numbers.Count(curves.Count)} curves are to be drawn, but a figure shows 1 to {MostCurves}. Choose fewer, or draw several figures.", nameof(curves));
        }

        foreach (MeasuredCurve curve in curves)
        {
            if (curve.Points.Count == 0 || curve.Points.Any(point => point is not { X: > 0, Y: > 0 }))
            {
                throw new ArgumentException($"The curve '{curve.Name}' has no points, or one that is not above 0, which a logarithmic axis cannot show. Leave such points out.", nameof(curves));
            }
        }
    }
}
