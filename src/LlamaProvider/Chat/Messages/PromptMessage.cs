using System.Collections.Immutable;
using System.Text.Json;
using LlamaProvider.Templates;

namespace LlamaProvider.Chat.Messages;

/// <summary>One message as chat templates know them. A message of a conversation becomes one or more of these.</summary>
internal sealed record PromptMessage
{
    public const string System = "system";
    public const string User = "user";
    public const string Assistant = "assistant";
    public const string Tool = "tool";

    private const string UsualReasoningKey = "reasoning_content";

    public required string Role { get; init; }

    /// <summary>Its place in the conversation, for errors; <see langword="null"/> for one that the conversation does not have.</summary>
    public int? Source { get; init; }

    public string Text { get; init; } = "";

    public string Reasoning { get; init; } = "";

    public ImmutableArray<PromptCall> Calls { get; init; } = [];

    /// <summary>The speaker; of a result, the tool.</summary>
    public string? Name { get; init; }

    /// <summary>Of a result: the call that it belongs to.</summary>
    public string? CallId { get; init; }

    /// <summary>As the template sees it.</summary>
    /// <param name="argumentsAsText">Whether arguments are given as a text with JSON in it.</param>
    /// <param name="reasoningKey">Where the template looks for reasoning; <see langword="null"/> for the usual key.</param>
    public ChatTemplateMessage ToTemplate(bool argumentsAsText, string? reasoningKey = null) => new()
    {
        Role = Role,
        Content = Text,
        ReasoningContent = Reasoning.Length > 0 && reasoningKey is (null or UsualReasoningKey) ? Reasoning : null,
        Additional = Reasoning.Length > 0 && reasoningKey is not (null or UsualReasoningKey)
            ? new Dictionary<string, JsonElement> { [reasoningKey] = ContentJson.ToElement(Reasoning) }
            : null,
        ToolCalls = Calls.IsEmpty ? null : [.. Calls.Select(call => call.ToTemplate(argumentsAsText))],
        Name = Name,
        ToolCallId = CallId,
    };
}

/// <summary>A call of a function.</summary>
/// <param name="Id">What its result refers to.</param>
/// <param name="Name">The function.</param>
/// <param name="Arguments">A JSON object.</param>
internal sealed record PromptCall(string Id, string Name, JsonElement Arguments)
{
    public ChatTemplateToolCall ToTemplate(bool argumentsAsText) => new()
    {
        Id = Id,
        Name = Name,
        Arguments = argumentsAsText ? ContentJson.ToElement(Arguments.GetRawText()) : Arguments,
    };
}
