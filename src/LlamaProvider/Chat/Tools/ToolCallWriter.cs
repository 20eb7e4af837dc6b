using System.Text;

namespace LlamaProvider.Chat.Tools;

/// <summary>Writes calls as a model would.</summary>
internal static class ToolCallWriter
{
    /// <summary>An example of a call, with a value of each argument's type in the place of a value.</summary>
    public static string Example(ToolCallFormat format, ToolDeclaration tool)
    {
        var text = new StringBuilder(Fill(format.Begin)).Append(tool.Name);
        (string Name, ArgumentType Type)[] arguments =
            [.. ToolSchema.Arguments(tool.Parameters).Select(static argument => (argument.Name, ArgumentTypes.Of(argument.Schema) is [var first, ..] ? first : ArgumentType.Null))];
        if (format.Arguments is ArgumentSyntax.Tagged tagged)
        {
            WriteTagged(text, tagged, tool, arguments);
        }
        else
        {
            text.Append(Fill(((ArgumentSyntax.Json)format.Arguments).AfterName, tool.Name)).Append('{')
                .AppendJoin(", ", arguments.Select(static argument => $"{Messages.ContentJson.Write(argument.Name)}: {Sample(argument.Type)}")).Append('}');
        }

        return text.Append(Fill(format.End)).ToString();
    }

    private static void WriteTagged(StringBuilder text, ArgumentSyntax.Tagged tagged, ToolDeclaration tool, (string Name, ArgumentType Type)[] arguments)
    {
        text.Append(Fill(arguments.Length == 0 ? tagged.None : tagged.BeforeFirst, tool.Name));
        for (int i = 0; i < arguments.Length; i++)
        {
            (string name, ArgumentType type) = arguments[i];
            TaggedValue value = ArgumentTypes.Form(tagged, type);
            text.Append(name).Append(Fill(value.AfterKey, tool.Name, name))
                .Append(value.Form == ValueForm.Raw ? "..." : value.Form == ValueForm.Python && type == ArgumentType.Boolean ? "True" : Sample(type))
                .Append(Fill(i == arguments.Length - 1 ? value.Last : value.BeforeNext, tool.Name, name));
        }
    }

    private static string Sample(ArgumentType type) => type switch
    {
        ArgumentType.String => "\"...\"",
        ArgumentType.Number => "0",
        ArgumentType.Boolean => "true",
        ArgumentType.Object => "{}",
        ArgumentType.Array => "[]",
        _ => "null",
    };

    private static string Fill(CallText text, string name = "", string key = "") => text.Pattern
        .Replace(CallText.Name.ToString(), name, StringComparison.Ordinal)
        .Replace(CallText.Key.ToString(), key, StringComparison.Ordinal)
        .Replace(CallText.Id.ToString(), "a1b2c3d4e", StringComparison.Ordinal)
        .Replace(CallText.Index.ToString(), "0", StringComparison.Ordinal);
}
