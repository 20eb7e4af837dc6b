using Spectre.Console;

namespace LlamaProvider.Tool.Output;

/// <summary>Shows what a command has found out: JSON for programs, tables for people. What comes from files and models is escaped.</summary>
internal sealed class Report(ToolContext context, bool asJson)
{
    /// <summary>Shows a value in one of both forms.</summary>
    /// <param name="value">What is written as JSON.</param>
    /// <param name="show">Shows the same to people.</param>
    public void Show<T>(T value, Action<Report> show)
    {
        if (asJson)
        {
            context.Output.WriteLine(ToolJson.Write(value));
        }
        else
        {
            show(this);
        }
    }

    /// <summary>A line that programs may read, too.</summary>
    public void Line(string text) => context.Output.WriteLine(context.OutputIsTerminal ? TerminalText.Clean(text) : text);

    public void Title(string text)
    {
        context.Console.WriteLine();
        context.Console.Write(Cell(text, new Style(decoration: Decoration.Bold)));
        context.Console.WriteLine();
    }

    /// <summary>Names and values in two columns.</summary>
    public void Facts(IEnumerable<(string Name, string? Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach ((string name, string? value) in facts)
        {
            if (value is not null)
            {
                grid.AddRow(Cell(name), Cell(value));
            }
        }

        context.Console.Write(grid);
    }

    /// <summary>Rows under headings; headings that begin with <c>&gt;</c> are of numbers, which stand to the right.</summary>
    public void Table(string[] headings, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (string heading in headings)
        {
            TableColumn column = new TableColumn(Cell(heading.TrimStart('>'))).NoWrap().PadRight(2);
            table.AddColumn(heading.StartsWith('>') ? column.RightAligned() : column);
        }

        foreach (string[] row in rows)
        {
            table.AddRow(row.Select(static cell => Cell(cell)));
        }

        context.Console.Write(table);
    }

    private static Text Cell(string text, Style? style = null) => new(TerminalText.Clean(text), style);
}
