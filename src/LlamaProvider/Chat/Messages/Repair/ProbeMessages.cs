using System.Text.Json;
using LlamaProvider.Templates;

namespace LlamaProvider.Chat.Messages.Repair;

/// <summary>Messages with words that no template has of its own, so that a rendering shows what became of them.</summary>
internal static class ProbeMessages
{
    private const string ToolName = "probe_7d1f3b52";

    public static IReadOnlyList<JsonElement> Tools { get; } =
    [
        JsonElement.Parse(
            $$"""
            {"type": "function", "function": {"name": "{{ToolName}}", "description": "Looks something up.",
             "parameters": {"type": "object", "properties": {"text": {"type": "string", "description": "What."} }, "required": ["text"]} } }
            """),
    ];

    public static ChatTemplateMessage System(string word) => new() { Role = PromptMessage.System, Content = Word(word) };

    public static ChatTemplateMessage User(string word) => new() { Role = PromptMessage.User, Content = Word(word) };

    public static ChatTemplateMessage Assistant(string word) => new() { Role = PromptMessage.Assistant, Content = Word(word) };

    public static ChatTemplateMessage Result(string id, string word) =>
        new() { Role = PromptMessage.Tool, Content = Word(word), Name = ToolName, ToolCallId = id };

    /// <summary>A message that makes calls; where the template writes none, one that says the same in words.</summary>
    public static ChatTemplateMessage Call(CallForm form, params (string Id, string Value)[] calls) => form == CallForm.None
        ? new() { Role = PromptMessage.Assistant, Content = string.Join(' ', calls.Select(call => Word(call.Value))) }
        : new()
        {
            Role = PromptMessage.Assistant,
            ToolCalls =
            [
                .. calls.Select(call => new PromptCall(call.Id, ToolName, JsonElement.Parse($$"""{"text": "{{Word(call.Value)}}"}""")).ToTemplate(form == CallForm.Text)),
            ],
        };

    /// <summary>Whether a text has the words of all messages, in their order.</summary>
    public static bool IsIn(IReadOnlyList<ChatTemplateMessage> messages, string? text)
    {
        int position = 0;
        foreach (string word in messages.SelectMany(Words))
        {
            position = text?.IndexOf(word, position, StringComparison.Ordinal) ?? -1;
            if (position < 0)
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<string> Words(ChatTemplateMessage message) =>
    [
        .. message.Content is { Length: > 0 } text ? text.Split(' ') : [],
        .. message.ToolCalls?.Select(call => (call.Arguments.ValueKind == JsonValueKind.String ? JsonElement.Parse(call.Arguments.GetString()!) : call.Arguments)
            .GetProperty("text").GetString()!) ?? [],
    ];

    private static string Word(string word) => $"7d1f3b52{word}";
}
