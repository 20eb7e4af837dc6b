using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>Strings made from values and from other strings. Every result keeps the origin of each character.</summary>
internal static class Texts
{
    /// <summary>Python's <c>str()</c>, which leaves a string (and Markup) as it is.</summary>
    public static TextValue Of(Value value, Budget budget)
    {
        if (value is TextValue text)
        {
            return text;
        }

        var output = new TextBuilder(budget);
        value.WriteText(output);
        return output.ToText();
    }

    public static TextValue Concat(TextValue left, TextValue right, Budget budget) =>
        new TextBuilder(budget).Append(left).Append(right).ToText();

    public static TextValue Repeat(TextValue text, long count, Budget budget) =>
        new TextBuilder(budget).AppendRepeated(text, count).ToText().AsMarkup(text.IsMarkup);

    /// <summary>Converts the characters of each origin apart, for conversions that look at one character at a time.</summary>
    public static TextValue Convert(TextValue text, Func<string, string> convert, Budget budget)
    {
        var output = new TextBuilder(budget);
        foreach (var segment in text.Segments)
        {
            output.Append(convert(text.Characters.Substring(segment.Start, segment.Length)), segment.IsContent);
        }

        return output.ToText().AsMarkup(text.IsMarkup);
    }

    /// <summary>markupsafe's <c>escape</c>: what is Markup already stays.</summary>
    public static TextValue Escape(Value value, Budget budget)
    {
        var text = Of(value, budget);
        return text.IsMarkup ? text : Convert(text, EscapeCharacters, budget).AsMarkup();
    }

    public static TextValue Strip(TextValue text, TextValue? characters, bool atStart = true, bool atEnd = true)
    {
        var all = text.Characters;
        var start = 0;
        var end = all.Length;
        while (atStart && start < end && IsStripped(start, CodePoints.Width(all, start)))
        {
            start += CodePoints.Width(all, start);
        }

        while (atEnd && end > start)
        {
            var width = end - start > 1 && char.IsSurrogatePair(all[end - 2], all[end - 1]) ? 2 : 1;
            if (!IsStripped(end - width, width))
            {
                break;
            }

            end -= width;
        }

        return text.Slice(start, end - start);

        bool IsStripped(int index, int width) => characters is null
            ? PythonCharacters.IsSpace(all[index])
            : characters.Characters.AsSpan().Contains(all.AsSpan(index, width), StringComparison.Ordinal);
    }

    /// <summary>Python's <c>replace</c>: at most <paramref name="limit"/> times; an empty pattern matches between all characters.</summary>
    public static TextValue Replace(TextValue text, string pattern, TextValue replacement, long limit, Budget budget)
    {
        budget.ChargeCharacters(text.Characters.Length);
        var output = new TextBuilder(budget);
        var position = 0;
        for (long done = 0; limit < 0 || done < limit; done++)
        {
            var found = pattern.Length > 0
                ? text.Characters.IndexOf(pattern, position, StringComparison.Ordinal)
                : NextBoundary(text.Characters, position, isFirst: done == 0);
            if (found < 0)
            {
                break;
            }

            output.AppendSlice(text, position, found - position).Append(replacement);
            position = found + pattern.Length;
        }

        return output.AppendSlice(text, position, text.Characters.Length - position).ToText().AsMarkup(text.IsMarkup);
    }

    public static TextValue Join(TextValue separator, IEnumerable<Value> parts, Func<Value, TextValue> convert, Budget budget)
    {
        var output = new TextBuilder(budget);
        var isFirst = true;
        foreach (var part in parts)
        {
            if (!isFirst)
            {
                output.Append(separator);
            }

            output.Append(convert(part));
            isFirst = false;
        }

        return output.ToText();
    }

    /// <summary>Pads to a number of code points; <paramref name="share"/> says how much of the padding goes left.</summary>
    public static TextValue Pad(TextValue text, long width, TextValue fill, Func<long, long> share, Budget budget)
    {
        var missing = width - text.Length!.Value;
        if (missing <= 0)
        {
            return text;
        }

        var left = share(missing);
        return new TextBuilder(budget).AppendRepeated(fill, left).Append(text).AppendRepeated(fill, missing - left).ToText().AsMarkup(text.IsMarkup);
    }

    // Python's rule for the odd blank: it goes left only if the width is odd too.
    public static Func<long, long> CenteredIn(long width) => missing => (missing / 2) + (missing & width & 1);

    private static int NextBoundary(string characters, int position, bool isFirst) =>
        isFirst ? 0 : position < characters.Length ? position + CodePoints.Width(characters, position) : -1;

    private static string EscapeCharacters(string characters) => characters
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal);
}
