using System.Globalization;
using System.Text;

namespace LlamaProvider.Templates.Syntax;

/// <summary>Python's escapes in a string literal. An unknown one stays as it is written.</summary>
internal static class StringEscapes
{
    public static string Decode(SourceText source, int start, int end)
    {
        var text = source.Text;
        if (!text.AsSpan(start, end - start).Contains('\\'))
        {
            return text[start..end];
        }

        var result = new StringBuilder(end - start);
        for (var i = start; i < end;)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i++]);
                continue;
            }

            i += text[i + 1] switch
            {
                'x' => Number(i, 2),
                'u' => Number(i, 4),
                'U' => Number(i, 8),
                >= '0' and <= '7' => Octal(i),
                _ => Simple(i),
            };
        }

        return result.ToString();

        int Number(int at, int digits)
        {
            var last = at + 2 + digits;
            if (last > end || !int.TryParse(text.AsSpan(at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                || code is < 0 or > 0x10FFFF)
            {
                throw source.Error(
                    at, $@"The escape \{text[at + 1]} needs {digits} hexadecimal digits of a character. Complete it, or double the backslash.");
            }

            AppendCode(code);
            return 2 + digits;
        }

        int Octal(int at)
        {
            var (code, length) = (0, 1);
            while (length <= 3 && at + length < end && text[at + length] is >= '0' and <= '7')
            {
                code = (code * 8) + (text[at + length++] - '0');
            }

            AppendCode(code);
            return length;
        }

        int Simple(int at)
        {
            var escape = text[at + 1];
            var plain = escape switch
            {
                'n' => "\n",
                't' => "\t",
                'r' => "\r",
                'a' => "\a",
                'b' => "\b",
                'f' => "\f",
                'v' => "\v",
                '\\' or '\'' or '"' => escape.ToString(),
                '\n' => "",
                _ => "\\" + escape,
            };
            result.Append(plain);
            return 2;
        }

        void AppendCode(int code)
        {
            // A lone surrogate is a character of its own in Python, and a code unit here.
            if (code <= 0xFFFF)
            {
                result.Append((char)code);
            }
            else
            {
                result.Append(char.ConvertFromUtf32(code));
            }
        }
    }
}
