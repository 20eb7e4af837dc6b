namespace LlamaProvider.Visualization.Drawing;

/// <summary>What a figure consists of, before it is known in which form it is wanted. Later shapes cover earlier ones.</summary>
internal sealed class Canvas(double width)
{
    private const double Margin = 16;

    private readonly List<Shape> _shapes = [];

    public double Width { get; } = width;

    /// <summary>How far the figure reaches down.</summary>
    public double Height { get; set; }

    public IReadOnlyList<Shape> Shapes => _shapes;

    public void Add(Shape shape) => _shapes.Add(shape);

    /// <summary>Writes title and a line below it.</summary>
    /// <returns>Where the figure proper begins.</returns>
    public double Head(string title, string line)
    {
        Add(new Label(Margin, 24, VisibleText.Cut(title, Letters(Label.Large)), Size: Label.Large, IsBold: true));
        Add(new Label(Margin, 42, VisibleText.Cut(line, Letters(Label.Normal)), Ink.Muted));
        return 58;
    }

    /// <summary>About how many letters of a size have room on a line.</summary>
    private int Letters(double size) => (int)((Width - (2 * Margin)) / (size * 0.52));
}
