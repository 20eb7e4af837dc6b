using System.Globalization;
using LlamaProvider.Visualization.Drawing;

namespace LlamaProvider.Visualization;

/// <summary>A picture of what a trace or a measurement holds, as SVG and PNG.</summary>
/// <remarks>
/// Immutable and thread-safe. The same data gives the same SVG, byte for byte, on every machine; the letters of a PNG depend on the fonts that are installed.
/// </remarks>
public sealed class Figure
{
    private readonly Canvas _canvas;

    internal Figure(string title, string description, Canvas canvas)
    {
        Title = title;
        Description = description;
        _canvas = canvas;
    }

    /// <summary>What the figure shows, in a line.</summary>
    public string Title { get; }

    /// <summary>What is to be seen, with its numbers, for readers who do not see it. It is the SVG's alternative text.</summary>
    public string Description { get; }

    /// <summary>The width in pixels at scale 1.</summary>
    public int Width => (int)Math.Ceiling(_canvas.Width);

    /// <summary>The height in pixels at scale 1.</summary>
    public int Height => (int)Math.Ceiling(_canvas.Height);

    /// <summary>The figure as an SVG element, to be saved as a file or to stand in a page as it is.</summary>
    /// <remarks>
    /// Text has the color of the page, other colors are variables (<c>--figure-kept</c>, …) with values for light and dark. Each mark is a <c>g</c> with what it stands for in <c>data-</c> attributes,
    /// numbers in full precision, and a <c>title</c> in words. Text of tokens is escaped; what XML cannot hold is U+FFFD.
    /// </remarks>
    public string ToSvg() => SvgRenderer.Render(this, _canvas);

    /// <summary>The figure as a PNG file.</summary>
    /// <param name="theme">The colors. Default: light.</param>
    /// <param name="scale">Pixels of the image per pixel of the figure. Range: 0.5 to 4. Default: 2, for screens of high resolution.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is out of range.</exception>
    public byte[] ToPng(FigureTheme theme = FigureTheme.Light, double scale = 2)
    {
        if (scale is not (>= 0.5 and <= 4))
        {
            throw new ArgumentOutOfRangeException(
                nameof(scale), scale, string.Create(CultureInfo.InvariantCulture, $"The scale of a PNG is {scale}, but it must be from 0.5 to 4. Give one in that range, or take the SVG, which has any size."));
        }

        return PngRenderer.Render(this, _canvas, theme, scale);
    }
}

/// <summary>The colors of a PNG. An SVG has both.</summary>
public enum FigureTheme
{
    /// <summary>Dark on white.</summary>
    Light,

    /// <summary>Light on black.</summary>
    Dark,
}
