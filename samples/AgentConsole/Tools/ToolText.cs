using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentConsole.Tools;

/// <summary>Calls and their results as lines for people.</summary>
internal static class ToolText
{
    private const int Longest = 200;

    public static string Describe(FunctionCallContent call) =>
        $"→ {call.Name}({string.Join(", ", call.Arguments?.Select(static argument => $"{argument.Key}: {Json(argument.Value)}") ?? [])})";

    public static string Describe(FunctionResultContent result) => $"← {Shorten((result.Exception?.Message ?? Text(result.Result)).ReplaceLineEndings(" ⏎ "))}";

    private static string Text(object? value) => value switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        _ => Json(value),
    };

    private static string Json(object? value) => JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions.GetTypeInfo<object?>());

    private static string Shorten(string text) => text.Length > Longest ? text[..Longest] + "…" : text;
}
