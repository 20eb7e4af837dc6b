using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlamaProvider.Chat.Tools;

/// <summary>Reads tagged arguments of one call.</summary>
/// <param name="syntax">How they are written.</param>
/// <param name="tool">The tool.</param>
/// <param name="text">The answer.</param>
internal sealed class TaggedArgumentReader(ArgumentSyntax.Tagged syntax, ToolDeclaration tool, string text)
{
    private const string CDataStart = "<![CDATA[";
    private const string CDataEnd = "]]>";

    private readonly (string Name, JsonElement Schema, bool IsRequired)[] _arguments =
        [.. ToolSchema.Arguments(tool.Parameters).OrderByDescending(static argument => argument.Name.Length)];

    public JsonElement? Read(ref int position)
    {
        var read = new JsonObject();
        int at = position;
        if (syntax.BeforeFirst.TryRead(text, ref at, tool.Name) && ReadArguments(read, ref at))
        {
            position = at;
            return JsonElement.Parse(read.ToJsonString());
        }

        // What looked like an argument may be the end of a call without any.
        return syntax.None.TryRead(text, ref position, tool.Name) ? JsonElement.Parse("{}") : null;
    }

    private bool ReadArguments(JsonObject read, ref int position)
    {
        foreach ((string name, JsonElement schema, _) in _arguments)
        {
            if (string.CompareOrdinal(text, position, name, 0, name.Length) != 0)
            {
                continue;
            }

            foreach (ArgumentType type in ArgumentTypes.Of(schema).OrderBy(static type => type == ArgumentType.String))
            {
                int at = position + name.Length;
                TaggedValue form = ArgumentTypes.Form(syntax, type);
                if (form.AfterKey.TryRead(text, ref at, tool.Name, name) && ReadValue(form, type, ref at, out JsonNode? value))
                {
                    read[name] = value;
                    if (ReadRest(form, name, read, ref at))
                    {
                        position = at;
                        return true;
                    }

                    read.Remove(name);
                }
            }
        }

        return false;
    }

    /// <summary>Another argument, or the end. The one may begin like the other.</summary>
    private bool ReadRest(TaggedValue form, string name, JsonObject read, ref int position)
    {
        int at = position;
        if (form.BeforeNext.TryRead(text, ref at, tool.Name, name) && ReadArguments(read, ref at))
        {
            position = at;
            return true;
        }

        return form.Last.TryRead(text, ref position, tool.Name, name);
    }

    private bool ReadValue(TaggedValue form, ArgumentType type, ref int position, out JsonNode? value)
    {
        value = null;
        if (form.Form == ValueForm.Json && type is ArgumentType.Object or ArgumentType.Array)
        {
            int? length = JsonScan.LengthAt(text, position);
            value = length is null ? null : JsonNode.Parse(text.Substring(position, length.Value));
            position += length ?? 0;
            return length is not null;
        }

        int end = EndOf(form, position);
        if (end < 0)
        {
            return false;
        }

        string raw = text[position..end];
        position = end;
        return form.Form == ValueForm.Raw ? (value = Unquote(raw)) is not null : TryParse(raw, type, out value);
    }

    /// <summary>Formats that look like XML put texts with its signs between its quotes.</summary>
    private static string Unquote(string raw) =>
        raw.StartsWith(CDataStart, StringComparison.Ordinal) && raw.EndsWith(CDataEnd, StringComparison.Ordinal) ? raw[CDataStart.Length..^CDataEnd.Length] : raw;

    private int EndOf(TaggedValue form, int position)
    {
        if (form.Form == ValueForm.Json && position < text.Length && text[position] == '"')
        {
            int close = position + 1;
            while (close < text.Length && text[close] != '"')
            {
                close += text[close] == '\\' ? 2 : 1;
            }

            return close < text.Length ? close + 1 : -1;
        }

        // A value that is no text ends with the mark or, where that is a sign such as a comma, with what cannot belong to it.
        int mark = form.EndMark.Length == 0 ? -1 : text.IndexOf(form.EndMark, position, StringComparison.Ordinal);
        if (form.Form == ValueForm.Raw)
        {
            return mark;
        }

        int end = position;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '+' or '-' or '.'))
        {
            end++;
        }

        return end;
    }

    private static bool TryParse(string raw, ArgumentType type, out JsonNode? value)
    {
        value = null;
        switch (raw, type)
        {
            case ("True" or "true", ArgumentType.Boolean):
                value = true;
                return true;
            case ("False" or "false", ArgumentType.Boolean):
                value = false;
                return true;
            case ("None" or "null", ArgumentType.Null):
                return true;
            case (_, ArgumentType.Number) when double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out _):
            case (['"', ..], ArgumentType.String):
                value = JsonNode.Parse(raw);
                return true;
            default:
                return false;
        }
    }
}
