using System.Buffers;
using System.Net;
using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>
/// The filters for HTML. Prompts are not escaped, but <c>safe</c> still makes Markup, and joining that with a plain string escapes the
/// string: published templates rely on the result.
/// </summary>
internal static class MarkupFilters
{
    private static readonly SearchValues<char> NotInAttributeNames = SearchValues.Create(" \t\n\r\f\v/>=");

    public static readonly Builtin[] All =
    [
        new("safe", call => call.SelfText.AsMarkup()),
        new("escape", call => Texts.Escape(call.Self, call.Budget)),
        new("e", call => Texts.Escape(call.Self, call.Budget)),
        new("forceescape", call => Texts.Escape(call.SelfText.AsMarkup(false), call.Budget)),
        new("striptags", StripTags),
        new("urlencode", UrlEncode),
        new("xmlattr", ["autospace?"], XmlAttributes),
    ];

    private static TextValue StripTags(Call call)
    {
        var text = Without(Without(call.SelfText, "<!--", "-->", call.Budget), "<", ">", call.Budget);
        var words = Texts.Join(TextValue.Trusted(" "), TextSearch.SplitWords(text, -1, call.Budget), word => (TextValue)word, call.Budget);

        // An entity may begin in template text and end in content, so the origins of a mixed text cannot be told apart.
        var characters = WebUtility.HtmlDecode(words.Characters);
        return words.Content.IsEmpty ? TextValue.Trusted(characters) : TextValue.FromContent(characters);
    }

    private static TextValue Without(TextValue text, string open, string close, Budget budget)
    {
        var output = new TextBuilder(budget);
        var position = 0;
        while (text.Characters.IndexOf(open, position, StringComparison.Ordinal) is var start and >= 0
            && text.Characters.IndexOf(close, start, StringComparison.Ordinal) is var end and >= 0)
        {
            output.AppendSlice(text, position, start - position);
            position = end + close.Length;
        }

        return output.AppendSlice(text, position, text.Characters.Length - position).ToText();
    }

    private static TextValue UrlEncode(Call call)
    {
        if (call.Self is TextValue || call.Self.Elements is null)
        {
            return Encode(call.SelfText, isQuery: false);
        }

        var pairs = call.Self is DictValue dict ? DictMethods.Pairs(dict) : Sequences.Enumerate(call.Self, call.Budget);
        return Texts.Join(TextValue.Trusted("&"), pairs, Pair, call.Budget);

        TextValue Pair(Value pair) => Sequences.ToArray(pair, call.Budget) is [var key, var value]
            ? new TextBuilder(call.Budget)
                .Append(Encode(Texts.Of(key, call.Budget), isQuery: true))
                .Append("=")
                .Append(Encode(Texts.Of(value, call.Budget), isQuery: true))
                .ToText()
            : throw Fault.Type("urlencode needs pairs", "Give a string, a mapping, or a list of pairs.");

        TextValue Encode(TextValue text, bool isQuery) => Texts.Convert(text, part => EncodePart(part, isQuery), call.Budget).AsMarkup(false);
    }

    // Uri escapes what Python's quote does, but for the slash of a path and the blank of a query.
    private static string EncodePart(string text, bool isQuery)
    {
        var escaped = Uri.EscapeDataString(text);
        return isQuery ? escaped.Replace("%20", "+", StringComparison.Ordinal) : escaped.Replace("%2F", "/", StringComparison.Ordinal);
    }

    private static TextValue XmlAttributes(Call call)
    {
        if (call.Self is not DictValue dict)
        {
            throw Fault.Type($"xmlattr needs a mapping, not '{call.Self.TypeName}'", "Give a mapping of names to values.");
        }

        var output = new TextBuilder(call.Budget);
        foreach (var (key, value) in dict.Keys.Zip(dict.Values).Where(entry => entry.Second is not (NoneValue or UndefinedValue)))
        {
            var name = Texts.Of(key, call.Budget);
            if (name.Characters.AsSpan().ContainsAny(NotInAttributeNames))
            {
                throw Fault.Type($"Invalid character in attribute name: '{name.Characters}'", "Use names without blanks, '/', '>' and '='.");
            }

            output.Append(output.Length > 0 || call.Flag(0, fallback: true) ? " " : "");
            output.Append(Texts.Escape(name, call.Budget)).Append("=\"").Append(Texts.Escape(value, call.Budget)).Append("\"");
        }

        return output.ToText();
    }
}
