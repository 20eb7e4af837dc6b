using LlamaProvider.Visualization.Charts;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization.Measurements;

/// <summary>What one quantization of a model weighs, how fast it is and what it costs in quality.</summary>
/// <param name="Type">The type's name, such as <c>Q4_K_M</c>.</param>
/// <param name="Megabytes">The file's size in MB (10⁶ bytes). Range: above 0.</param>
/// <param name="TokensPerSecond">Tokens generated a second; <see langword="null"/> where it was not measured.</param>
/// <param name="Perplexity">Its perplexity on a text. Range: 1 and more.</param>
public sealed record QuantizedMeasurement(string Type, double Megabytes, double? TokensPerSecond, double Perplexity);

/// <summary>Size, speed and perplexity of a model over quantization types, side by side.</summary>
public static class QuantizationFigure
{
    private const double Left = 96;
    private const double Panel = 190;
    private const double Gap = 62;
    private const double Row = 26;

    /// <summary>Draws a row for each type and a panel for each quantity, each from zero on a scale of its own.</summary>
    /// <param name="title">Which model, on which text.</param>
    /// <param name="rows">The types, in their order. At least one.</param>
    /// <exception cref="ArgumentException">There are none, or a value is not above 0.</exception>
    public static Figure Of(string title, params IReadOnlyList<QuantizedMeasurement> rows)
    {
        ArgumentNullException.ThrowIfNull(title);
        Validate(rows);
        string line = $"{Numbers.Count(rows.Count)} quantization types; smaller is better but for speed.";
        var canvas = new Canvas(Left + (3 * (Panel + Gap)));
        double top = canvas.Head(title, line) + 22;
        canvas.Height = top + (Row * rows.Count) + 16;
        (string Name, string Unit, Func<QuantizedMeasurement, double?> Of, Ink Ink)[] panels =
        [
            ("size", "MB", row => row.Megabytes, Ink.Kept), ("speed", "tok/s", row => row.TokensPerSecond, Ink.Chosen), ("perplexity", "", row => row.Perplexity, Ink.Rejected),
        ];
        for (int panel = 0; panel < panels.Length; panel++)
        {
            double left = Left + (panel * (Panel + Gap));
            (string name, string unit, Func<QuantizedMeasurement, double?> of, Ink ink) = panels[panel];
            canvas.Add(new Label(left, top - 8, unit.Length == 0 ? name : $"{name}, {unit}", Ink.Muted, IsBold: true));
            var x = new LinearScale(0, rows.Max(row => of(row) ?? 0), left, left + Panel);
            for (int i = 0; i < rows.Count; i++)
            {
                canvas.Add(of(rows[i]) is double value
                    ? MarkOf(rows[i].Type, name, value, unit, ink, x, top + (Row * i))
                    : new Label(left, top + (Row * i) + 15, "not measured", Ink.Muted, Label.Small));
            }
        }

        for (int i = 0; i < rows.Count; i++)
        {
            canvas.Add(new Label(Left - 10, top + (Row * i) + 15, VisibleText.Cut(rows[i].Type, 12), Anchor: Anchor.End));
        }

        return new Figure(title, $"{line} {string.Join("; ", rows.Select(Words))}.", canvas);
    }

    private static Mark MarkOf(string type, string of, double value, string unit, Ink ink, Scale x, double top) => new(
        "bar",
        $"{type}, {of}: {Numbers.Short(value)} {unit}".TrimEnd(),
        [new("type", type), new("of", of), new("value", value)],
        new Box(x.From, top + 2, x.Map(value) - x.From, Row - 8, ink),
        new Label(x.Map(value) + 5, top + 15, Numbers.Short(value), Size: Label.Small));

    private static string Words(QuantizedMeasurement row) =>
        $"{row.Type}: {Numbers.Short(row.Megabytes)} MB, {(row.TokensPerSecond is double speed ? $"{Numbers.Short(speed)} tok/s, " : "")}perplexity {Numbers.Short(row.Perplexity)}";

    private static void Validate(IReadOnlyList<QuantizedMeasurement> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            throw new ArgumentException("0 quantization types are to be drawn, but a figure shows one at least. Measure some.", nameof(rows));
        }

        if (rows.FirstOrDefault(row => row is not { Megabytes: > 0, TokensPerSecond: null or > 0, Perplexity: > 0 }) is { } wrong)
        {
            throw new ArgumentException($"The type '{wrong.Type}' has a value that is not above 0, which is no measurement. Measure it again, or leave it out.", nameof(rows));
        }
    }
}
