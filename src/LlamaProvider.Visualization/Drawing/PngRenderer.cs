using ScottPlot;

namespace LlamaProvider.Visualization.Drawing;

/// <summary>A canvas as PNG: a plot of ScottPlot without axes whose coordinates are the canvas's pixels. ScottPlot finds fonts for what tokens are written in.</summary>
internal static class PngRenderer
{
    public static byte[] Render(Figure figure, Canvas canvas, FigureTheme theme, double scale)
    {
        using var plot = new Plot();
        plot.FigureBackground.Color = Color(Ink.Surface, theme);
        plot.DataBackground.Color = Color(Ink.Surface, theme);
        plot.Layout.Frameless();
        plot.HideAxesAndGrid();
        foreach (Shape shape in canvas.Shapes)
        {
            Draw(plot, shape, theme);
        }

        plot.Axes.SetLimits(0, figure.Width, figure.Height, 0);
        plot.ScaleFactor = scale;
        return plot.GetImageBytes((int)(figure.Width * scale), (int)(figure.Height * scale), ImageFormat.Png);
    }

    private static void Draw(Plot plot, Shape shape, FigureTheme theme)
    {
        switch (shape)
        {
            case Box box: Draw(plot, box, theme); break;
            case Line line: Draw(plot, line, theme); break;
            case Dot dot: plot.Add.Marker(dot.X, dot.Y, MarkerShape.FilledCircle, (float)(2 * dot.Radius), Color(dot.Ink, theme)); break;
            case Label label: Draw(plot, label, theme); break;
            case Mark mark:
                foreach (Shape part in mark.Shapes)
                {
                    Draw(plot, part, theme);
                }

                break;
        }
    }

    private static void Draw(Plot plot, Box box, FigureTheme theme)
    {
        Color color = Color(box.Ink, theme).WithAlpha(box.Opacity);
        var rectangle = plot.Add.Rectangle(box.X, box.X + box.Width, box.Y + box.Height, box.Y);
        rectangle.FillColor = box.IsOutline ? Colors.Transparent : color;
        rectangle.LineColor = color;
        rectangle.LineWidth = box.IsOutline ? 1 : 0;
        rectangle.LinePattern = LinePattern.DenselyDashed;
    }

    private static void Draw(Plot plot, Line line, FigureTheme theme)
    {
        var drawn = plot.Add.ScatterLine(line.Points.Select(point => new Coordinates(point.X, point.Y)).ToArray(), Color(line.Ink, theme));
        drawn.LineWidth = (float)line.Thickness;
        drawn.LinePattern = line.IsDashed ? LinePattern.Dashed : LinePattern.Solid;
    }

    private static void Draw(Plot plot, Label label, FigureTheme theme)
    {
        var text = plot.Add.Text(label.Text, label.X, label.Y);
        text.LabelFontColor = Color(label.Ink, theme);
        text.LabelFontSize = (float)label.Size;
        text.LabelFontName = Fonts.Detect(label.Text);
        text.LabelBold = label.IsBold;
        text.LabelRotation = (float)label.Rotation;
        text.LabelAlignment = label.Anchor switch
        {
            Anchor.Start => Alignment.LowerLeft,
            Anchor.Middle => Alignment.LowerCenter,
            _ => Alignment.LowerRight,
        };
    }

    private static Color Color(Ink ink, FigureTheme theme) => ScottPlot.Color.FromHex(InkPalette.Value(ink, theme));
}
