using System.Globalization;
using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>
/// One field's layout: <c>[[fill]align][sign][#][0][width][grouping][.precision][type]</c>, as <c>str.format</c> spells it. <c>%</c>
/// formatting builds the same layout from its own spelling.
/// </summary>
internal sealed record FormatSpec
{
    public TextValue Fill { get; init; } = TextValue.Trusted(" ");

    /// <summary>One of <c>&lt; &gt; ^ =</c>; null for the type's own side.</summary>
    public char? Align { get; init; }

    public char Sign { get; init; } = '-';

    public bool IsAlternate { get; init; }

    public long Width { get; init; }

    public char? Grouping { get; init; }

    public int? Precision { get; init; }

    /// <summary>The presentation type; null for the value's own.</summary>
    public char? Type { get; init; }

    public static FormatSpec Parse(TextValue spec)
    {
        var text = spec.Characters;
        var position = 0;
        var result = new FormatSpec();
        var fillWidth = text.Length > 0 ? CodePoints.Width(text, 0) : 0;
        if (text.Length > fillWidth && "<>^=".Contains(text[fillWidth]))
        {
            result = result with { Fill = spec.Slice(0, fillWidth), Align = text[fillWidth] };
            position = fillWidth + 1;
        }
        else if (Take("<>^=") is { } align)
        {
            result = result with { Align = align };
        }

        result = result with { Sign = Take("+- ") ?? '-', IsAlternate = (Take("z"), Take("#")).Item2 is not null };
        if (Take("0") is not null && result.Align is null)
        {
            result = result with { Fill = TextValue.Trusted("0"), Align = '=' };
        }

        result = result with { Width = Number() ?? 0, Grouping = Take(",_") };
        if (Take(".") is not null)
        {
            result = result with { Precision = Number() ?? throw Invalid() };
        }

        result = result with { Type = Take("bcdeEfFgGnosxX%") };
        return position == text.Length ? result : throw Invalid();

        char? Take(string allowed) =>
            position < text.Length && allowed.Contains(text[position]) ? text[position++] : null;

        int? Number()
        {
            var start = position;
            while (position < text.Length && char.IsAsciiDigit(text[position]))
            {
                position++;
            }

            if (position == start)
            {
                return null;
            }

            return int.TryParse(text.AsSpan(start..position), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Invalid();
        }

        EvaluationException Invalid() =>
            Fault.Type(
                $"Invalid format specifier '{text}'", "Write [[fill]align][sign][#][0][width][,][.precision][type], for example '>8' or '.2f'.");
    }

    public TextValue Apply(Value value, Budget budget)
    {
        if (value is TextValue text)
        {
            return Type is null or 's'
                ? Layout(Cut(text), signLength: 0, '<', budget)
                : throw NumberFormat.Unknown(value, this);
        }

        if (Numbers.AsDouble(value) is null)
        {
            throw Fault.Type($"unsupported format string passed to {value.TypeName}.__format__", "Convert the value with '| string' first.");
        }

        var digits = NumberFormat.Write(value, this);
        return Layout(TextValue.Trusted(digits), NumberFormat.PrefixLength(digits), '>', budget);
    }

    /// <summary>The first characters, as many as the precision says.</summary>
    public TextValue Cut(TextValue text) => Precision is { } limit && limit < text.Length ? Slices.Part(text, 0, limit) : text;

    /// <summary>Pads to the width; <c>=</c> pads between a number's sign and its digits.</summary>
    public TextValue Layout(TextValue text, int signLength, char defaultAlign, Budget budget) => (Align ?? defaultAlign) switch
    {
        '=' when Width > text.Length => Texts.Concat(
            text.Slice(0, signLength),
            Texts.Pad(text.Slice(signLength..), Width - signLength, Fill, missing => missing, budget),
            budget),
        '>' => Texts.Pad(text, Width, Fill, missing => missing, budget),
        '^' => Texts.Pad(text, Width, Fill, missing => missing / 2, budget),
        _ => Texts.Pad(text, Width, Fill, _ => 0, budget),
    };
}
