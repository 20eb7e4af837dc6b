using System.Globalization;
using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>
/// C's <c>strftime</c> in the C locale, with glibc's <c>-</c> (no padding), <c>_</c> (blanks), <c>0</c> (zeros) and <c>^</c> (upper case).
/// </summary>
internal static class TimeFormat
{
    public static TextValue Write(DateTimeOffset now, TextValue format, Budget budget)
    {
        var output = new TextBuilder(budget);
        var text = format.Characters;
        var position = 0;
        while (text.IndexOf('%', position) is var percent and >= 0)
        {
            output.AppendSlice(format, position, percent - position);
            position = percent + 1;
            var flag = position < text.Length && "-_0^".Contains(text[position]) ? text[position++] : '\0';
            if (position == text.Length)
            {
                return output.AppendSlice(format, percent, text.Length - percent).ToText();
            }

            var field = Field(now, text[position++], flag);
            if (field is null)
            {
                output.AppendSlice(format, percent, position - percent);
            }
            else
            {
                output.Append(flag == '^' ? field.ToUpperInvariant() : field);
            }
        }

        return output.AppendSlice(format, position, text.Length - position).ToText();
    }

    private static string? Field(DateTimeOffset now, char directive, char flag)
    {
        return directive switch
        {
            'a' => Net("ddd"),
            'A' => Net("dddd"),
            'b' or 'h' => Net("MMM"),
            'B' => Net("MMMM"),
            'c' => $"{Net("ddd MMM")} {Pad(now.Day, 2, ' ')} {Net("HH':'mm':'ss yyyy")}",
            'C' => Pad(now.Year / 100, 2, '0'),
            'd' => Pad(now.Day, 2, '0'),
            'D' or 'x' => Net("MM'/'dd'/'yy"),
            'e' => Pad(now.Day, 2, ' '),
            'f' => Net("ffffff"),
            'F' => Net("yyyy'-'MM'-'dd"),
            'g' => Pad(ISOWeek.GetYear(now.DateTime) % 100, 2, '0'),
            'G' => Pad(ISOWeek.GetYear(now.DateTime), 1, '0'),
            'H' => Pad(now.Hour, 2, '0'),
            'I' => Pad(((now.Hour + 11) % 12) + 1, 2, '0'),
            'j' => Pad(now.DayOfYear, 3, '0'),
            'k' => Pad(now.Hour, 2, ' '),
            'l' => Pad(((now.Hour + 11) % 12) + 1, 2, ' '),
            'm' => Pad(now.Month, 2, '0'),
            'M' => Pad(now.Minute, 2, '0'),
            'n' => "\n",
            'p' => now.Hour < 12 ? "AM" : "PM",
            'P' => now.Hour < 12 ? "am" : "pm",
            'r' => $"{Pad(((now.Hour + 11) % 12) + 1, 2, '0')}:{Net("mm':'ss")} {(now.Hour < 12 ? "AM" : "PM")}",
            'R' => Net("HH':'mm"),
            's' => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            'S' => Pad(now.Second, 2, '0'),
            't' => "\t",
            'T' or 'X' => Net("HH':'mm':'ss"),
            'u' => Pad(now.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)now.DayOfWeek, 1, '0'),
            'U' => Pad((now.DayOfYear + 6 - (int)now.DayOfWeek) / 7, 2, '0'),
            'V' => Pad(ISOWeek.GetWeekOfYear(now.DateTime), 2, '0'),
            'w' => Pad((int)now.DayOfWeek, 1, '0'),
            'W' => Pad((now.DayOfYear + 6 - (((int)now.DayOfWeek + 6) % 7)) / 7, 2, '0'),
            'y' => Pad(now.Year % 100, 2, '0'),
            'Y' => Pad(now.Year, 1, '0'),

            // transformers asks for a local time without a zone, for which Python writes nothing.
            'z' or 'Z' => "",
            '%' => "%",
            _ => null,
        };

        string Net(string format) => now.ToString(format, CultureInfo.InvariantCulture);

        string Pad(int number, int width, char blank) =>
            number.ToString(CultureInfo.InvariantCulture).PadLeft(flag == '-' ? 1 : width, flag switch { '_' => ' ', '0' => '0', _ => blank });
    }
}
