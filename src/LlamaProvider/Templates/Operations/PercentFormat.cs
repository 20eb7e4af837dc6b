using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>Python's <c>format % values</c>.</summary>
internal sealed class PercentFormat
{
    private readonly TextValue _format;
    private readonly Value _values;
    private readonly Budget _budget;
    private readonly TextBuilder _output;
    private int _position;
    private int _used;

    private PercentFormat(TextValue format, Value values, Budget budget)
    {
        (_format, _values, _budget, _output) = (format, values, budget, new TextBuilder(budget));
    }

    public static TextValue Apply(TextValue format, Value values, Budget budget) => new PercentFormat(format, values, budget).Run();

    private TextValue Run()
    {
        while (_format.Characters.IndexOf('%', _position) is var percent and >= 0)
        {
            _output.AppendSlice(_format, _position, percent - _position);
            _position = percent + 1;
            WriteField();
        }

        _output.AppendSlice(_format, _position, _format.Characters.Length - _position);
        if (_values is not DictValue && _used < (_values is TupleValue tuple ? tuple.Items.Length : 1))
        {
            throw Fault.Type("not all arguments converted during string formatting", "Write one %-field for each value.");
        }

        return _output.ToText().AsMarkup(_format.IsMarkup);
    }

    private void WriteField()
    {
        var named = Peek() == '(' ? Named() : null;
        var flags = TakeWhile("-+ #0");
        var spec = new FormatSpec
        {
            Align = flags.Contains('-') ? '<' : flags.Contains('0') ? '=' : '>',
            Fill = TextValue.Trusted(flags.Contains('0') && !flags.Contains('-') ? "0" : " "),
            Sign = flags.Contains('+') ? '+' : flags.Contains(' ') ? ' ' : '-',
            IsAlternate = flags.Contains('#'),
            Width = Number() ?? 0,
        };
        if (Peek() == '.')
        {
            _position++;
            spec = spec with { Precision = Number() ?? 0 };
        }

        TakeWhile("hlL");
        var type = Peek() ?? throw Fault.Type("incomplete format", "End the %-field with a type such as 's' or 'd', or write '%%'.");
        _position++;
        if (type == '%')
        {
            _output.Append('%');
        }
        else
        {
            _output.Append(Convert(named ?? Next(), type, spec));
        }
    }

    private TextValue Convert(Value value, char type, FormatSpec spec)
    {
        if (type is 's' or 'r' or 'a' || (type == 'c' && value is TextValue { Length: 1 }))
        {
            var text = type is 'r' or 'a' ? Repr(value) : Texts.Of(value, _budget);
            spec = spec.Align == '=' ? spec with { Align = '>', Fill = TextValue.Trusted(" ") } : spec;
            return spec.Layout(spec.Cut(_format.IsMarkup ? Texts.Escape(text, _budget) : text), signLength: 0, '>', _budget);
        }

        if (!"diuoxXeEfFgGc".Contains(type))
        {
            throw Fault.Type($"unsupported format character '{type}'", "Use one of s r d i o x X e E f F g G c, or write '%%'.");
        }

        if (value is UndefinedValue undefined)
        {
            throw Fault.Undefined(undefined);
        }

        if (Numbers.AsDouble(value) is null)
        {
            throw Fault.Type($"%{type} format: a real number is required, not {value.TypeName}", "Convert the value with '| int' or '| float'.");
        }

        var isInteger = type is 'd' or 'i' or 'u';
        var number = isInteger && value is FloatValue real && double.IsFinite(real.Number)
            ? IntValue.Of(new System.Numerics.BigInteger(real.Number))
            : value;
        return (spec with { Type = isInteger ? 'd' : type }).Apply(number, _budget);
    }

    private TextValue Repr(Value value)
    {
        var output = new TextBuilder(_budget);
        value.WriteRepr(output);
        return output.ToText();
    }

    private Value Named()
    {
        var end = _format.Characters.IndexOf(')', _position);
        if (end < 0 || _values is not DictValue dict)
        {
            throw Fault.Type(end < 0 ? "incomplete format key" : "format requires a mapping", "Write %(name)s with a mapping on the right side.");
        }

        var name = _format.Characters[(_position + 1)..end];
        _position = end + 1;
        return dict.Find(name) ?? throw Fault.Type($"the mapping has no key '{name}'", "Give every key that the format names.");
    }

    private Value Next()
    {
        var items = _values is TupleValue tuple ? tuple.Items : [_values];
        return _used < items.Length
            ? items[_used++]
            : throw Fault.Type("not enough arguments for format string", "Give one value for each %-field.");
    }

    private char? Peek() => _position < _format.Characters.Length ? _format.Characters[_position] : null;

    private string TakeWhile(string allowed)
    {
        var start = _position;
        while (Peek() is { } character && allowed.Contains(character))
        {
            _position++;
        }

        return _format.Characters[start.._position];
    }

    private int? Number()
    {
        if (Peek() == '*')
        {
            _position++;
            return (int)Math.Clamp(Numbers.AsIndex(Next()) ?? throw Fault.Type("* wants int", "Give the width as an integer."), 0, int.MaxValue);
        }

        var digits = TakeWhile("0123456789");
        return digits.Length == 0 ? null : (int)Math.Min(long.Parse(digits.Length > 9 ? "999999999" : digits, null), int.MaxValue);
    }
}
