using System.Globalization;
using System.Text;
using System.Xml;

namespace LlamaProvider.Visualization.Drawing;

/// <summary>A canvas as SVG.</summary>
internal static class SvgRenderer
{
    private const string Namespace = "http://www.w3.org/2000/svg";

    private static readonly XmlWriterSettings Settings = new() { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n", NewLineHandling = NewLineHandling.Entitize };

    public static string Render(Figure figure, Canvas canvas)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, Settings))
        {
            writer.WriteStartElement("svg", Namespace);
            Write(writer, "class", "llama-figure");
            Write(writer, "role", "img");
            Write(writer, "viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {figure.Width} {figure.Height}"));
            Write(writer, "width", figure.Width);
            Write(writer, "height", figure.Height);
            WriteText(writer, "title", figure.Title);
            WriteText(writer, "desc", figure.Description);
            WriteText(writer, "style", InkPalette.Style);
            foreach (Shape shape in canvas.Shapes)
            {
                Write(writer, shape);
            }

            writer.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void Write(XmlWriter writer, Shape shape)
    {
        switch (shape)
        {
            case Box box: Write(writer, box); break;
            case Line line: Write(writer, line); break;
            case Dot dot: Write(writer, dot); break;
            case Label label: Write(writer, label); break;
            case Mark mark: Write(writer, mark); break;
        }
    }

    private static void Write(XmlWriter writer, Box box)
    {
        writer.WriteStartElement("rect", Namespace);
        Write(writer, "x", box.X);
        Write(writer, "y", box.Y);
        Write(writer, "width", box.Width);
        Write(writer, "height", box.Height);
        Write(writer, "fill", box.IsOutline ? "none" : InkPalette.Reference(box.Ink));
        if (box.IsOutline)
        {
            Write(writer, "stroke", InkPalette.Reference(box.Ink));
            Write(writer, "stroke-dasharray", "3 2");
        }

        if (box.Opacity < 1)
        {
            Write(writer, "opacity", box.Opacity);
        }

        writer.WriteEndElement();
    }

    private static void Write(XmlWriter writer, Line line)
    {
        writer.WriteStartElement("polyline", Namespace);
        Write(writer, "points", string.Join(' ', line.Points.Select(point => $"{Numbers.Length(point.X)},{Numbers.Length(point.Y)}")));
        Write(writer, "fill", "none");
        Write(writer, "stroke", InkPalette.Reference(line.Ink));
        Write(writer, "stroke-width", line.Thickness);
        if (line.IsDashed)
        {
            Write(writer, "stroke-dasharray", "4 3");
        }

        writer.WriteEndElement();
    }

    private static void Write(XmlWriter writer, Dot dot)
    {
        writer.WriteStartElement("circle", Namespace);
        Write(writer, "cx", dot.X);
        Write(writer, "cy", dot.Y);
        Write(writer, "r", dot.Radius);
        Write(writer, "fill", InkPalette.Reference(dot.Ink));
        writer.WriteEndElement();
    }

    private static void Write(XmlWriter writer, Label label)
    {
        writer.WriteStartElement("text", Namespace);
        Write(writer, "x", label.X);
        Write(writer, "y", label.Y);
        Write(writer, "font-size", label.Size);
        Write(writer, "fill", InkPalette.Reference(label.Ink));
        if (label.Anchor != Anchor.Start)
        {
            Write(writer, "text-anchor", label.Anchor == Anchor.Middle ? "middle" : "end");
        }

        if (label.IsBold)
        {
            Write(writer, "font-weight", "bold");
        }

        if (label.Rotation != 0)
        {
            Write(writer, "transform", $"rotate({Numbers.Length(label.Rotation)} {Numbers.Length(label.X)} {Numbers.Length(label.Y)})");
        }

        writer.WriteString(VisibleText.Xml(label.Text));
        writer.WriteEndElement();
    }

    private static void Write(XmlWriter writer, Mark mark)
    {
        writer.WriteStartElement("g", Namespace);
        Write(writer, "data-mark", mark.Kind);
        foreach (Datum datum in mark.Data)
        {
            Write(writer, $"data-{datum.Name}", datum.Value);
        }

        WriteText(writer, "title", mark.Title);
        foreach (Shape shape in mark.Shapes)
        {
            Write(writer, shape);
        }

        writer.WriteEndElement();
    }

    private static void Write(XmlWriter writer, string name, double length) => Write(writer, name, Numbers.Length(length));

    private static void Write(XmlWriter writer, string name, string value) => writer.WriteAttributeString(name, VisibleText.Xml(value));

    private static void WriteText(XmlWriter writer, string name, string text) => writer.WriteElementString(name, Namespace, VisibleText.Xml(text));
}
