using System.Text.Json;
using LlamaProvider.Templates.Evaluation;

namespace LlamaProvider.Templates;

/// <summary>
/// One message of a conversation. The template sees a mapping with the keys <c>role</c> and <c>content</c> and, where they are set,
/// <c>reasoning_content</c>, <c>tool_calls</c>, <c>name</c>, <c>tool_call_id</c> and the additional ones, in this order.
/// </summary>
/// <remarks>Immutable, and as thread-safe as the collections that it holds.</remarks>
public sealed class ChatTemplateMessage
{
    /// <summary>Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, or what else the template knows.</summary>
    public required string Role { get; init; }

    /// <summary>
    /// The text. Default empty, which every template accepts. Null becomes none, which some templates want beside tool calls and on which
    /// others fail. Ignored if there are <see cref="Parts"/>.
    /// </summary>
    public string? Content { get; init; } = "";

    /// <summary>The content as a list of parts, for templates of multimodal models. Default null: <see cref="Content"/> counts.</summary>
    public IReadOnlyList<ChatTemplatePart>? Parts { get; init; }

    /// <summary>The assistant's reasoning, apart from its answer. Default null: the key is absent.</summary>
    public string? ReasoningContent { get; init; }

    /// <summary>The tools that the assistant calls. Default null: the key is absent.</summary>
    public IReadOnlyList<ChatTemplateToolCall>? ToolCalls { get; init; }

    /// <summary>The name of the tool that answers, or of the speaker. Default null: the key is absent.</summary>
    public string? Name { get; init; }

    /// <summary>The call that a tool's message answers. Default null: the key is absent.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>Further keys, by name. Default none. They replace equal keys of the properties above.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Additional { get; init; }

    /// <summary>Reads a message from a JSON object, which the template then sees with the object's own keys in their own order.</summary>
    /// <param name="message">The object.</param>
    /// <returns>The message. It holds on to the element's document.</returns>
    /// <exception cref="ArgumentException">The element is no object.</exception>
    public static ChatTemplateMessage FromJson(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw new ArgumentException($"A message is a JSON {message.ValueKind}. Give an object with 'role' and 'content'.", nameof(message));
        }

        var role = message.TryGetProperty("role", out var name) && name.ValueKind == JsonValueKind.String ? JsonReader.StringOf(name) : null;
        return new ChatTemplateMessage { Role = role ?? "", Json = message };
    }

    /// <summary>The whole message, if it was read from JSON; the other properties then do not count.</summary>
    internal JsonElement? Json { get; private init; }
}

/// <summary>
/// One part of a message's content. The template sees a mapping with the keys <c>type</c>, <c>text</c> (if set) and the additional ones.
/// </summary>
/// <remarks>Immutable, and as thread-safe as the collection that it holds.</remarks>
public sealed class ChatTemplatePart
{
    /// <summary>The kind: <c>text</c>, <c>image</c>, <c>audio</c>, or what else the template knows.</summary>
    public required string Type { get; init; }

    /// <summary>The text of a part that is one. Default null: the key is absent.</summary>
    public string? Text { get; init; }

    /// <summary>Further keys, by name. Default none. They replace equal keys of the properties above.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Additional { get; init; }
}

/// <summary>
/// One call of a tool. The template sees <c>{"id": …, "type": "function", "function": {"name": …, "arguments": …}}</c>.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class ChatTemplateToolCall
{
    /// <summary>The call's identifier, which the tool's message repeats. Default null: the key is absent.</summary>
    public string? Id { get; init; }

    /// <summary>The name of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>The arguments: an object, which is what templates expect, or a string with the JSON text of one.</summary>
    public required JsonElement Arguments { get; init; }
}
