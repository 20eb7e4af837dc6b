using System.Text.Json;
using System.Text.RegularExpressions;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Tools;

/// <summary>Reads the tools of a request.</summary>
internal static partial class ToolOptionsReader
{
    /// <summary>The tools that an answer may call; <see langword="null"/> for none: there are none, or <see cref="ChatOptions.ToolMode"/> forbids them.</summary>
    /// <exception cref="InvalidToolException">Two have one name, a name cannot be written, or the one that is required is missing.</exception>
    /// <exception cref="OptionNotSupportedException">A tool is no function.</exception>
    public static ToolRequest? Read(ChatOptions? options)
    {
        if (options?.Tools is not { Count: > 0 } tools || options.ToolMode is NoneChatToolMode)
        {
            return null;
        }

        var declared = new Dictionary<string, ToolDeclaration>(StringComparer.Ordinal);
        for (int i = 0; i < tools.Count; i++)
        {
            ToolDeclaration tool = Declare(tools[i], i);
            if (!declared.TryAdd(tool.Name, tool))
            {
                throw new InvalidToolException(tool.Name, $"Two tools have the name '{tool.Name}', so a call could mean either. Give each a name of its own.");
            }
        }

        var required = options.ToolMode as RequiredChatToolMode;
        IReadOnlyList<ToolDeclaration> offered = [.. declared.Values];
        if (required?.RequiredFunctionName is { } name)
        {
            offered = declared.TryGetValue(name, out ToolDeclaration? only)
                ? [only]
                : throw new InvalidToolException(
                    name, $"ToolMode requires the function '{name}', but the tools are {string.Join(", ", declared.Keys.Select(static tool => $"'{tool}'"))}. Add it to Tools, or require one of these.");
        }

        return new ToolRequest(offered, required is not null, options.AllowMultipleToolCalls ?? true);
    }

    private static ToolDeclaration Declare(AITool tool, int index)
    {
        if (tool is not AIFunctionDeclaration function)
        {
            throw new OptionNotSupportedException(
                nameof(ChatOptions.Tools),
                $"Tools[{index}] ('{tool.Name}') is a {tool.GetType().Name}, which a hosted service would run, but a local model can call functions only. Give an AIFunction that does the same, or leave the tool out.");
        }

        if (!Names().IsMatch(function.Name))
        {
            throw new InvalidToolException(
                function.Name, $"Tools[{index}] has the name '{function.Name}', but a function's name is 1 to 128 letters, digits and the signs _ - . : / of ASCII. Rename it with AIFunctionFactoryOptions.Name.");
        }

        JsonElement schema = function.JsonSchema;
        return new ToolDeclaration(function.Name, function.Description, schema.ValueKind == JsonValueKind.Undefined ? JsonElement.Parse("{}") : schema);
    }

    [GeneratedRegex("^[A-Za-z0-9_.:/-]{1,128}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
