using System.Text.Json;
using HostedService.Errors;
using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>The tools of a request, and what is said of their use.</summary>
internal static class ToolMapping
{
    private static readonly JsonElement NoArguments = JsonElement.Parse("""{"type":"object","properties":{},"additionalProperties":false}""");

    /// <exception cref="ApiException">A tool is no function, or is incomplete.</exception>
    public static IList<AITool>? ToTools(IReadOnlyList<ToolDefinition?>? tools) =>
        tools is { Count: > 0 } ? [.. tools.Select((tool, index) => ToTool(tool, $"tools[{index}]"))] : null;

    /// <exception cref="ApiException">There are no tools that it could be about.</exception>
    public static bool? ToParallel(bool? parallel, bool hasTools) => parallel is not null && !hasTools
        ? throw new ApiException(ApiErrors.InvalidValue(
            "parallel_tool_calls", "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified."))
        : parallel;

    /// <param name="choice">The member.</param>
    /// <param name="hasTools">Whether there are tools to choose from.</param>
    /// <exception cref="ApiException">It says something else than which function is called, or there are no tools.</exception>
    public static ChatToolMode? ToMode(JsonElement? choice, bool hasTools)
    {
        if (choice is { } value && !hasTools && !(value.ValueKind == JsonValueKind.String && value.ValueEquals("none")))
        {
            throw new ApiException(ApiErrors.InvalidValue("tool_choice", "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified."));
        }

        return choice switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } mode => mode.GetString() switch
            {
                "none" => ChatToolMode.None,
                "auto" => ChatToolMode.Auto,
                "required" => ChatToolMode.RequireAny,
                var other => throw new ApiException(ApiErrors.InvalidValue(
                    "tool_choice", $"Invalid value: '{other}'. Supported values are: 'none', 'auto', 'required' and an object that names a function.")),
            },
            { ValueKind: JsonValueKind.Object } named => ToNamed(named),
            var other => throw new ApiException(ApiErrors.InvalidType("tool_choice", "a string or an object", FormNames.Found(other.Value))),
        };
    }

    private static RequiredChatToolMode ToNamed(JsonElement value)
    {
        NamedToolChoice choice = WireJson.Read(value, WireJson.Types.NamedToolChoice, "tool_choice");
        RequireFunction(choice.Type, "tool_choice.type");
        return ChatToolMode.RequireSpecific(choice.Function?.Name ?? throw new ApiException(ApiErrors.Missing("tool_choice.function.name")));
    }

    private static AIFunctionDeclaration ToTool(ToolDefinition? tool, string path)
    {
        if (tool is null)
        {
            throw new ApiException(ApiErrors.InvalidType(path, "an object", "null"));
        }

        RequireFunction(tool.Type, $"{path}.type");
        FunctionDefinition function = tool.Function ?? throw new ApiException(ApiErrors.Missing($"{path}.function"));
        string name = string.IsNullOrWhiteSpace(function.Name) ? throw new ApiException(ApiErrors.Missing($"{path}.function.name")) : function.Name;
        return AIFunctionFactory.CreateDeclaration(name, function.Description, function.Parameters ?? NoArguments);
    }

    private static void RequireFunction(string? type, string path)
    {
        if (type != "function")
        {
            throw new ApiException(
                type is null ? ApiErrors.Missing(path) : ApiErrors.InvalidValue(path, $"Invalid value: '{type}'. Supported values are: 'function'."));
        }
    }
}
