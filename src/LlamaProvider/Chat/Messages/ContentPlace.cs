using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Messages;

/// <summary>Where a content stands, for errors.</summary>
internal readonly struct ContentPlace(ChatMessage message, int index, int content)
{
    public int Message => index;

    public bool IsAssistant => message.Role == ChatRole.Assistant;

    /// <summary>An error about the content, whose text goes on after its place.</summary>
    public ChatMessageException Error(string rest, string? pointer = null, Exception? cause = null) =>
        new(index, content, $"Message {index} ({message.Role}), content {content} {rest}", pointer, cause);

    /// <summary>The error of a content that no prompt can hold.</summary>
    public ChatMessageException Refuse(string what, string rule) => Error($"{what}, {rule}. Leave it out or describe it in words.");
}
