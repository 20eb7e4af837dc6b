using LlamaProvider.Visualization.Charts;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization.Measurements;

/// <summary>Measured values as bars from zero, each beside its peer's: latencies, throughput, sizes.</summary>
public static class BarFigure
{
    private const double Left = 330;
    private const double Right = 760;
    private const double Bar = 18;
    private const double Gap = 12;

    /// <summary>Draws the rows in their order.</summary>
    /// <param name="title">What is compared.</param>
    /// <param name="rows">The rows, of one unit. At least one.</param>
    /// <exception cref="ArgumentException">There are no rows, or their units differ.</exception>
    public static Figure Of(string title, params IReadOnlyList<MeasuredRow> rows)
    {
        ArgumentNullException.ThrowIfNull(title);
        string unit = UnitOf(rows);
        string line = $"{Numbers.Count(rows.Count)} measurements in {unit}.";
        var canvas = new Canvas(860);
        double top = canvas.Head(title, line);
        double bottom = top + rows.Sum(row => HeightOf(row));
        canvas.Height = bottom + 48;
        var x = new LinearScale(0, rows.Max(row => Math.Max(row.Ours, row.PeerValue ?? 0)), Left, Right);
        Axes.Draw(canvas, x, new LinearScale(0, 1, bottom, bottom), unit, "");
        foreach (MeasuredRow row in rows)
        {
            canvas.Add(new Label(16, top + 14, VisibleText.Cut(row.Figure, 48)));
            canvas.Add(MarkOf(row.Figure, "ours", row.Ours, unit, Ink.Kept, x, top));
            if (row.PeerValue is double peer)
            {
                canvas.Add(MarkOf(row.Figure, row.Peer ?? "peer", peer, unit, Ink.Removed, x, top + Bar));
                canvas.Add(new Label(Left - 8, top + Bar + 14, VisibleText.Cut(row.Peer ?? "peer", 30), Ink.Muted, Label.Small, Anchor.End));
            }

            top += HeightOf(row);
        }

        return new Figure(title, $"{line} {string.Join("; ", rows.Select(Words))}.", canvas);
    }

    private static Mark MarkOf(string figure, string of, double value, string unit, Ink ink, Scale x, double top) => new(
        "bar",
        $"{figure}, {of}: {Numbers.Short(value)} {unit}",
        [new("figure", figure), new("of", of), new("value", value), new("unit", unit)],
        new Box(Left, top + 1, x.Map(value) - Left, Bar - 2, ink),
        new Label(x.Map(value) + 6, top + 14, Numbers.Short(value), Size: Label.Small));

    private static double HeightOf(MeasuredRow row) => Gap + (row.PeerValue is null ? Bar : 2 * Bar);

    private static string Words(MeasuredRow row) =>
        $"{row.Figure}: {Numbers.Short(row.Ours)}{(row.PeerValue is double peer ? $" ({row.Peer}: {Numbers.Short(peer)})" : "")}";

    private static string UnitOf(IReadOnlyList<MeasuredRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        string[] units = [.. rows.Select(row => row.Unit).Distinct()];
        return units.Length == 1
            ? units[0]
            : throw new ArgumentException($"The {Numbers.Count(rows.Count)} rows have {Numbers.Count(units.Length)} units ({string.Join(", ", units)}), but bars of one figure share one. Choose rows of one unit.", nameof(rows));
    }
}
