namespace LlamaProvider.Visualization.Drawing;

/// <summary>A thing to draw. Lengths are pixels from the upper left corner.</summary>
internal abstract record Shape;

/// <summary>A rectangle: filled, or with <paramref name="IsOutline"/> its border alone, dashed.</summary>
internal sealed record Box(double X, double Y, double Width, double Height, Ink Ink, bool IsOutline = false, double Opacity = 1) : Shape;

/// <summary>A line through points.</summary>
internal sealed record Line(Ink Ink, double Thickness, bool IsDashed, params IReadOnlyList<Spot> Points) : Shape;

/// <summary>A disc.</summary>
internal sealed record Dot(double X, double Y, double Radius, Ink Ink) : Shape;

/// <summary>A line of text whose baseline is at <paramref name="Y"/>.</summary>
/// <param name="X">Where the anchor is.</param>
/// <param name="Y">Where its baseline is.</param>
/// <param name="Text">The text.</param>
/// <param name="Ink">The color.</param>
/// <param name="Size">The height of letters.</param>
/// <param name="Anchor">What of the text is at X.</param>
/// <param name="IsBold">Whether it is bold.</param>
/// <param name="Rotation">Degrees clockwise around the anchor.</param>
internal sealed record Label(
    double X, double Y, string Text, Ink Ink = Ink.Text, double Size = Label.Normal, Anchor Anchor = Anchor.Start, bool IsBold = false, double Rotation = 0) : Shape
{
    public const double Small = 10;
    public const double Normal = 12;
    public const double Large = 15;
}

/// <summary>Shapes that stand for something in the data.</summary>
/// <param name="Kind">What they stand for.</param>
/// <param name="Title">The same in words.</param>
/// <param name="Data">Its values, as they are in the trace or measurement.</param>
/// <param name="Shapes">What is drawn.</param>
internal sealed record Mark(string Kind, string Title, IReadOnlyList<Datum> Data, params IReadOnlyList<Shape> Shapes) : Shape;

internal readonly record struct Spot(double X, double Y);

/// <summary>A value of a mark.</summary>
internal readonly record struct Datum(string Name, string Value)
{
    public Datum(string name, double value)
        : this(name, Numbers.Exact(value))
    {
    }

    public Datum(string name, long value)
        : this(name, Numbers.Exact(value))
    {
    }
}

/// <summary>Which part of a text is at its coordinate.</summary>
internal enum Anchor
{
    Start,
    Middle,
    End,
}
