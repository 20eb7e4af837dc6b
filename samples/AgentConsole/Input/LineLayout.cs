using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace AgentConsole.Input;

/// <summary>How a text lies on the terminal, with the cells that wide characters take.</summary>
/// <param name="Rows">The text of each row.</param>
/// <param name="CursorRow">Row of the cursor, from 0.</param>
/// <param name="CursorColumn">Column of the cursor, from 0.</param>
internal sealed record LineLayout(IReadOnlyList<string> Rows, int CursorRow, int CursorColumn)
{
    /// <summary>Lays a text out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cursor">Index of the cursor in it.</param>
    /// <param name="indent">Cells that are taken on the first row.</param>
    /// <param name="width">Cells of a row.</param>
    public static LineLayout Of(string text, int cursor, int indent, int width)
    {
        var rows = new List<string>();
        var row = new StringBuilder();
        int column = indent;
        (int Row, int Column) place = (0, indent);
        for (int index = 0; index < text.Length;)
        {
            string element = StringInfo.GetNextTextElement(text, index);
            bool isBreak = element is "\n";
            int cells = isBreak ? 0 : new Segment(element).CellCount();
            if (column + cells > width)
            {
                NextRow();
            }

            place = index == cursor ? (rows.Count, column) : place;
            index += element.Length;
            if (isBreak)
            {
                NextRow();
                continue;
            }

            row.Append(element);
            column += cells;
        }

        // A cursor behind the last cell stands on the next row.
        if (cursor == text.Length)
        {
            if (column >= width)
            {
                NextRow();
            }

            place = (rows.Count, column);
        }

        rows.Add(row.ToString());
        return new LineLayout(rows, place.Row, place.Column);

        void NextRow()
        {
            rows.Add(row.ToString());
            row.Clear();
            column = 0;
        }
    }
}
