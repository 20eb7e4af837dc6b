using System.Text.Json;

namespace LlamaProvider.Chat.Tools;

/// <summary>A call, taken out of an answer.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">A JSON object.</param>
internal sealed record ToolCall(string Name, JsonElement Arguments);

/// <summary>Reads the calls of an answer. What the constraint let the model write has one reading; what was cut by a limit is read as far as calls are whole.</summary>
/// <param name="format">How the model writes calls.</param>
/// <param name="tools">The tools.</param>
internal sealed class ToolCallReader(ToolCallFormat format, IReadOnlyList<ToolDeclaration> tools)
{
    private readonly ToolDeclaration[] _byLength = [.. tools.OrderByDescending(static tool => tool.Name.Length)];

    /// <summary>Reads calls from the place where they begin.</summary>
    /// <param name="text">The answer's text, control tokens by name.</param>
    /// <param name="position">Where the first call begins; behind the last whole one afterwards.</param>
    public List<ToolCall> Read(string text, ref int position)
    {
        var calls = new List<ToolCall>();
        int at = position;
        bool isCall = format.Begin.TryRead(text, ref at);
        while (isCall && ReadCall(text, ref at) is { } call)
        {
            isCall = format.Between is { } between && between.TryRead(text, ref at);
            if (isCall || format.End.TryRead(text, ref at))
            {
                calls.Add(call);
                position = at;
            }
        }

        return calls;
    }

    private ToolCall? ReadCall(string text, ref int position)
    {
        foreach (ToolDeclaration tool in _byLength)
        {
            int at = position + tool.Name.Length;
            if (string.CompareOrdinal(text, position, tool.Name, 0, tool.Name.Length) == 0 && ReadArguments(tool, text, ref at) is { } arguments)
            {
                position = at;
                return new ToolCall(tool.Name, arguments);
            }
        }

        return null;
    }

    private JsonElement? ReadArguments(ToolDeclaration tool, string text, ref int position)
    {
        if (format.Arguments is not ArgumentSyntax.Json json)
        {
            return new TaggedArgumentReader((ArgumentSyntax.Tagged)format.Arguments, tool, text).Read(ref position);
        }

        if (!json.AfterName.TryRead(text, ref position, tool.Name) || JsonScan.LengthAt(text, position) is not int length)
        {
            return null;
        }

        position += length;
        return JsonElement.Parse(text.AsSpan(position - length, length));
    }
}
