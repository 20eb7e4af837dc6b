using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlamaProvider.Chat.Reasoning;

/// <summary>The variables by which templates let callers turn reasoning on and off: names are an interface, and renderings show whether they do anything.</summary>
internal static class ReasoningSwitches
{
    private static readonly string[] Flags = ["enable_thinking", "thinking", "reasoning"];

    /// <summary>What may turn reasoning on.</summary>
    /// <param name="names">The variables that the template reads.</param>
    public static IEnumerable<Dictionary<string, JsonElement>> On(IReadOnlyCollection<string> names)
    {
        foreach (string flag in Flags.Where(names.Contains))
        {
            yield return new() { [flag] = JsonElement.Parse("true") };
        }

        foreach ((string name, string value) in new[] { ("thinking_mode", "enabled"), ("reasoning_effort", "high") }.Where(pair => names.Contains(pair.Item1)))
        {
            yield return new() { [name] = Text(value) };
        }
    }

    /// <summary>What may turn reasoning off.</summary>
    /// <param name="names">The variables that the template reads.</param>
    public static IEnumerable<Dictionary<string, JsonElement>> Off(IReadOnlyCollection<string> names)
    {
        foreach (string flag in Flags.Where(names.Contains))
        {
            yield return new() { [flag] = JsonElement.Parse("false") };
        }

        (string Name, string Value)[] texts = [("thinking_mode", "disabled"), ("reasoning_effort", "none"), ("reasoning_effort", "no_think"), ("reasoning_effort", "minimal")];
        foreach ((string name, string value) in texts.Where(pair => names.Contains(pair.Name)))
        {
            yield return new() { [name] = Text(value) };
        }

        if (names.Contains("thinking_budget"))
        {
            yield return new() { ["thinking_budget"] = JsonElement.Parse("0") };
        }
    }

    /// <summary>Whether a switch says yes or no, so that it is enough that it changes the prompt; a level has to be seen to close reasoning.</summary>
    public static bool IsFlag(Dictionary<string, JsonElement> variables) => variables.Values.All(value => value.ValueKind is JsonValueKind.True or JsonValueKind.False);

    public static JsonElement Text(string value) => JsonElement.Parse(JsonValue.Create(value).ToJsonString());
}
