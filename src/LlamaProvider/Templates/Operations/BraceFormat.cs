using System.Globalization;
using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>
/// Python's <c>str.format</c>: <c>{}</c>, <c>{0}</c>, <c>{name}</c>, attributes and items behind them (through the sandbox), <c>!r !s</c>, and a
/// format specifier that may itself have fields.
/// </summary>
internal sealed class BraceFormat(TextValue format, Arguments arguments, Budget budget)
{
    // Python's own bound: fields, and fields inside their specifiers.
    private const int MaxDepth = 2;

    private int _automatic;

    public TextValue Run() => Write(format, depth: 1).AsMarkup(format.IsMarkup);

    private TextValue Write(TextValue text, int depth)
    {
        var output = new TextBuilder(budget);
        var characters = text.Characters;
        for (var position = 0; position < characters.Length;)
        {
            var brace = characters.AsSpan(position).IndexOfAny('{', '}');
            var end = brace < 0 ? characters.Length : position + brace;
            output.AppendSlice(text, position, end - position);
            if (brace < 0)
            {
                break;
            }

            if (end + 1 < characters.Length && characters[end + 1] == characters[end])
            {
                output.AppendSlice(text, end, 1);
                position = end + 2;
                continue;
            }

            var close = characters[end] == '{' && depth <= MaxDepth ? Closing(characters, end) : -1;
            if (close < 0)
            {
                throw Fault.Type($"Single '{characters[end]}' encountered in format string", "Close every field, or double the brace to write it.");
            }

            output.Append(Field(text.Slice((end + 1)..close), depth));
            position = close + 1;
        }

        return output.ToText();
    }

    private TextValue Field(TextValue field, int depth)
    {
        var characters = field.Characters;
        var nameEnd = characters.AsSpan().IndexOfAny('!', ':') is var found and >= 0 ? found : characters.Length;
        var value = Resolve(characters[..nameEnd]);
        if (nameEnd < characters.Length && characters[nameEnd] == '!')
        {
            value = nameEnd + 1 < characters.Length ? Convert(value, characters[nameEnd + 1]) : value;
            nameEnd += 2;
        }

        if (nameEnd < characters.Length && characters[nameEnd] != ':')
        {
            throw Fault.Type($"expected ':' after the conversion in '{{{characters}}}'", "Write {name!r:specifier}.");
        }

        var spec = nameEnd < characters.Length ? Write(field.Slice((nameEnd + 1)..), depth + 1) : TextValue.Empty;
        var text = spec.IsTrue ? FormatSpec.Parse(spec).Apply(value, budget) : Texts.Of(value, budget);
        return format.IsMarkup ? Texts.Escape(text, budget) : text;
    }

    private Value Resolve(string path)
    {
        var end = path.AsSpan().IndexOfAny('.', '[') is var found and >= 0 ? found : path.Length;
        var value = First(path[..end]);
        while (end < path.Length)
        {
            var isItem = path[end] == '[';
            var stop = isItem ? path.IndexOf(']', end) : path.IndexOfAny(['.', '['], end + 1);
            if (stop < 0 && isItem)
            {
                throw Fault.Type($"Missing ']' in format field '{path}'", "Write {name[key]}.");
            }

            stop = stop < 0 ? path.Length : stop;
            var name = path[(end + 1)..stop];
            value = isItem ? Access.Item(value, Key(name), budget) : Access.Attribute(value, TextValue.Trusted(name), budget);
            end = isItem ? stop + 1 : stop;
        }

        return value;
    }

    private Value First(string name)
    {
        if (name.Length == 0)
        {
            return Positional(_automatic++);
        }

        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? Positional(index)
            : arguments.Find(name) ?? throw Fault.Type($"the format has no argument '{name}'", "Pass every name that the format uses.");
    }

    private Value Positional(int index) => index < arguments.Positional.Length
        ? arguments.Positional[index]
        : throw Fault.Type($"Replacement index {index} out of range for positional args tuple", "Pass one argument for each field.");

    private TextValue Convert(Value value, char conversion)
    {
        var output = new TextBuilder(budget);
        switch (conversion)
        {
            case 's':
                value.WriteText(output);
                break;
            case 'r' or 'a':
                value.WriteRepr(output);
                break;
            default:
                throw Fault.Type($"Unknown conversion specifier '{conversion}'", "Use !s or !r.");
        }

        return output.ToText();
    }

    private static Value Key(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? IntValue.Of(index) : TextValue.Trusted(name);

    private static int Closing(string characters, int open)
    {
        var depth = 0;
        for (var i = open; i < characters.Length; i++)
        {
            depth += characters[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return i;
            }
        }

        return -1;
    }
}
