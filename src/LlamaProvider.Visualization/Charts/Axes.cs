using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization.Charts;

/// <summary>The two axes of a chart.</summary>
internal static class Axes
{
    private const double TickSpace = 6;

    /// <summary>Draws lines at the ticks of the upright axis and names ticks and axes.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="x">The level axis.</param>
    /// <param name="y">The upright axis, from the bottom up.</param>
    /// <param name="nameOfX">What the level axis means.</param>
    /// <param name="nameOfY">What the upright axis means.</param>
    public static void Draw(Canvas canvas, Scale x, Scale y, string nameOfX, string nameOfY)
    {
        Upright(canvas, x, y, nameOfY);
        foreach (double tick in x.Ticks)
        {
            double at = x.Map(tick);
            canvas.Add(new Line(Ink.Muted, 1, IsDashed: false, new Spot(at, y.From), new Spot(at, y.From + 4)));
            canvas.Add(new Label(at, y.From + 16, x.Name(tick), Ink.Muted, Label.Small, Anchor.Middle));
        }

        canvas.Add(new Label((x.From + x.To) / 2, y.From + 34, nameOfX, Ink.Muted, Label.Normal, Anchor.Middle));
    }

    /// <summary>Draws the upright axis alone, for charts whose level axis names things.</summary>
    public static void Upright(Canvas canvas, Scale x, Scale y, string nameOfY)
    {
        // An axis without length is the foot of a chart whose rows are named; its ticks would be on top of each other.
        foreach (double tick in y.From == y.To ? [] : y.Ticks)
        {
            double at = y.Map(tick);
            canvas.Add(new Line(Ink.Grid, 1, IsDashed: false, new Spot(x.From, at), new Spot(x.To, at)));
            canvas.Add(new Label(x.From - TickSpace, at + 3, y.Name(tick), Ink.Muted, Label.Small, Anchor.End));
        }

        canvas.Add(new Line(Ink.Muted, 1, IsDashed: false, new Spot(x.From, y.From), new Spot(x.To, y.From)));
        canvas.Add(new Label(x.From - 44, (y.From + y.To) / 2, nameOfY, Ink.Muted, Label.Normal, Anchor.Middle, Rotation: -90));
    }
}
