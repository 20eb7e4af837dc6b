using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>The filter <c>tojson</c> in the form of transformers: <c>json.dumps</c> with its arguments, not Jinja2's own for HTML.</summary>
internal static class JsonFilter
{
    public static readonly Builtin ToJson = new("tojson", ["ensure_ascii?", "indent?", "separators?", "sort_keys?"], Write);

    private static TextValue Write(Call call)
    {
        var output = new TextBuilder(call.Budget);
        var indent = Indent(call);
        var (item, key) = Separators(call[2], isIndented: indent is not null);
        new JsonWriter(output, new JsonWriter.Layout(indent, item, key, call.Flag(0), call.Flag(3))).Write(call.Self);
        return output.ToText();
    }

    private static TextValue? Indent(Call call) => call[1] switch
    {
        null or NoneValue => null,
        TextValue text => text,
        _ => Texts.Repeat(TextValue.Trusted(" "), call.Integer(1), call.Budget),
    };

    private static (TextValue Item, TextValue Key) Separators(Value? separators, bool isIndented) => separators switch
    {
        null or NoneValue => (TextValue.Trusted(isIndented ? "," : ", "), TextValue.Trusted(": ")),
        ListValue { Items: [TextValue item, TextValue key] } => (item, key),
        _ => throw Fault.Type("tojson() argument 'separators' must be two strings", "Write separators=(',', ':')."),
    };
}
