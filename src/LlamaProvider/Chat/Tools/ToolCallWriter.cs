using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Chat.Messages;

namespace LlamaProvider.Chat.Tools;

/// <summary>Writes calls as a model would: those of earlier answers where the template has no place for them, and examples.</summary>
/// <param name="format">How the model writes calls.</param>
internal sealed class ToolCallWriter(ToolCallFormat format) : IToolNotation
{
    /// <summary>A call by itself.</summary>
    public string WriteCall(string name, JsonElement arguments)
    {
        var text = new StringBuilder(Fill(format.Begin)).Append(name);
        if (format.Arguments is ArgumentSyntax.Json json)
        {
            text.Append(Fill(json.AfterName, name)).Append(arguments.GetRawText());
        }
        else
        {
            WriteTagged(text, (ArgumentSyntax.Tagged)format.Arguments, name, arguments);
        }

        return text.Append(Fill(format.End)).ToString();
    }

    /// <inheritdoc/>
    public string WriteResult(string name, string result) => JsonToolNotation.Instance.WriteResult(name, result);

    /// <summary>An example of a call, with something of each argument's type in the place of a value.</summary>
    public string Example(ToolDeclaration tool)
    {
        var arguments = new JsonObject();
        foreach ((string name, JsonElement schema, _) in ToolSchema.Arguments(tool.Parameters))
        {
            arguments[name] = Sample(ArgumentTypes.Of(schema) is [var first, ..] ? first : ArgumentType.Null);
        }

        return WriteCall(tool.Name, JsonElement.Parse(arguments.ToJsonString()));
    }

    private static void WriteTagged(StringBuilder text, ArgumentSyntax.Tagged tagged, string tool, JsonElement arguments)
    {
        JsonProperty[] all = arguments.ValueKind == JsonValueKind.Object ? [.. arguments.EnumerateObject()] : [];
        text.Append(Fill(all.Length == 0 ? tagged.None : tagged.BeforeFirst, tool));
        for (int i = 0; i < all.Length; i++)
        {
            ArgumentType type = ArgumentTypes.OfValue(all[i].Value);
            TaggedValue form = ArgumentTypes.Form(tagged, type);
            text.Append(all[i].Name).Append(Fill(form.AfterKey, tool, all[i].Name)).Append(Value(form.Form, all[i].Value))
                .Append(Fill(i == all.Length - 1 ? form.Last : form.BeforeNext, tool, all[i].Name));
        }
    }

    private static string Value(ValueForm form, JsonElement value) => (form, value.ValueKind) switch
    {
        (ValueForm.Raw, _) => value.ToString(),
        (ValueForm.Python, JsonValueKind.True) => "True",
        (ValueForm.Python, JsonValueKind.False) => "False",
        (ValueForm.Python, JsonValueKind.Null) => "None",
        _ => value.GetRawText(),
    };

    private static JsonNode? Sample(ArgumentType type) => type switch
    {
        ArgumentType.String => "...",
        ArgumentType.Number => 0,
        ArgumentType.Boolean => true,
        ArgumentType.Object => new JsonObject(),
        ArgumentType.Array => new JsonArray(),
        _ => null,
    };

    private static string Fill(CallText text, string name = "", string key = "") => text.Pattern
        .Replace(CallText.Name.ToString(), name, StringComparison.Ordinal)
        .Replace(CallText.Key.ToString(), key, StringComparison.Ordinal)
        .Replace(CallText.Id.ToString(), "a1b2c3d4e", StringComparison.Ordinal)
        .Replace(CallText.Index.ToString(), "0", StringComparison.Ordinal);
}
