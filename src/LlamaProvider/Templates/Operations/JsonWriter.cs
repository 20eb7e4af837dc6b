using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>
/// Python's <c>json.dumps</c>, which is what transformers puts behind <c>tojson</c>: nothing is escaped for HTML, and brackets, commas and
/// quotes are the template's while the characters between the quotes keep their origin.
/// </summary>
internal sealed class JsonWriter(TextBuilder output, JsonWriter.Layout layout)
{
    private readonly Budget _budget = output.Budget;
    private int _depth;

    /// <summary>The arguments of <c>json.dumps</c>.</summary>
    internal sealed record Layout(TextValue? Indent, TextValue ItemSeparator, TextValue KeySeparator, bool EnsuresAscii, bool SortsKeys);

    public void Write(Value value)
    {
        _budget.ChargeSteps(1);
        switch (value)
        {
            case TextValue text:
                WriteString(text);
                break;
            case DictValue dict:
                WriteContainer('{', '}', dict.Count, Entries(dict), WriteEntry);
                break;
            case ListValue list:
                WriteContainer('[', ']', list.Items.Length, list.Items, Write);
                break;
            default:
                output.Append(Scalar(value) ?? throw Fault.Type(
                    $"Object of type {value.TypeName} is not JSON serializable",
                    "Give strings, numbers, booleans, none, lists and mappings; turn a generator into a list with '| list'."));
                break;
        }
    }

    private void WriteContainer<T>(char open, char close, int count, IEnumerable<T> items, Action<T> write)
    {
        output.Append(open);
        if (count > 0)
        {
            _budget.EnterValue();
            _depth++;
            var isFirst = true;
            foreach (var item in items)
            {
                if (!isFirst)
                {
                    output.Append(layout.ItemSeparator);
                }

                NewLine();
                write(item);
                isFirst = false;
            }

            _depth--;
            NewLine();
            _budget.LeaveValue();
        }

        output.Append(close);
    }

    private void NewLine()
    {
        if (layout.Indent is { } indent)
        {
            output.Append('\n').AppendRepeated(indent, _depth);
        }
    }

    private IEnumerable<(Value Key, Value Value)> Entries(DictValue dict)
    {
        int[] order = [.. Enumerable.Range(0, dict.Count)];
        if (layout.SortsKeys)
        {
            Sequences.Sort(order, i => dict.Keys[i], descending: false, _budget);
        }

        return order.Select(i => (dict.Keys[i], dict.Values[i]));
    }

    private void WriteEntry((Value Key, Value Value) entry)
    {
        if (entry.Key is TextValue name)
        {
            WriteString(name);
        }
        else
        {
            output.Append('"').Append(Scalar(entry.Key) ?? throw Fault.Type(
                $"keys must be str, int, float, bool or None, not {entry.Key.TypeName}", "Use strings as keys.")).Append('"');
        }

        output.Append(layout.KeySeparator);
        Write(entry.Value);
    }

    private static string? Scalar(Value value) => value switch
    {
        NoneValue => "null",
        BoolValue boolean => boolean.IsTrue ? "true" : "false",
        IntValue integer => integer.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        FloatValue { Number: double.NaN } => "NaN",
        FloatValue { Number: double.PositiveInfinity } => "Infinity",
        FloatValue { Number: double.NegativeInfinity } => "-Infinity",
        FloatValue real => FloatText.Repr(real.Number),
        _ => null,
    };

    private void WriteString(TextValue text)
    {
        output.Append('"');
        foreach (var segment in text.Segments)
        {
            var part = text.Characters.AsSpan(segment.Start, segment.Length);
            var plain = 0;
            for (var i = 0; i < part.Length; i++)
            {
                if (Escape(part[i]) is { } escape)
                {
                    output.Append(part[plain..i], segment.IsContent).Append(escape, segment.IsContent);
                    plain = i + 1;
                }
            }

            output.Append(part[plain..], segment.IsContent);
        }

        output.Append('"');
    }

    private string? Escape(char character) => character switch
    {
        '"' => "\\\"",
        '\\' => @"\\",
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        '\f' => @"\f",
        '\b' => @"\b",
        < ' ' => $@"\u{(int)character:x4}",
        > '~' when layout.EnsuresAscii => $@"\u{(int)character:x4}",
        _ => null,
    };
}
