using System.Globalization;
using System.Xml.Linq;
using Xunit;

namespace LlamaProvider.Visualization.Tests;

/// <summary>Reads back what a figure drew.</summary>
internal static class SvgReader
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static XElement Read(Figure figure)
    {
        var svg = XElement.Parse(figure.ToSvg());
        Assert.Equal(figure.Title, svg.Element(Svg + "title")!.Value);
        Assert.Equal(figure.Description, svg.Element(Svg + "desc")!.Value);
        Assert.Equal("img", svg.Attribute("role")!.Value);
        return svg;
    }

    public static XElement[] Marks(this XElement svg, string kind) => [.. svg.Descendants(Svg + "g").Where(mark => mark.Attribute("data-mark")!.Value == kind)];

    public static string? Text(this XElement mark, string name) => mark.Attribute($"data-{name}")?.Value;

    public static double Number(this XElement mark, string name) => double.Parse(mark.Text(name)!, CultureInfo.InvariantCulture);

    public static double[] Numbers(this IEnumerable<XElement> marks, string name) => [.. marks.Select(mark => mark.Number(name))];

    /// <summary>A length of the mark's first filled shape of a kind.</summary>
    public static double Length(this XElement mark, string shape, string name) =>
        double.Parse(mark.Elements(Svg + shape).First(element => element.Attribute("fill")!.Value != "none").Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
