using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Messages;

/// <summary>Reads a conversation: every content of every message is taken, left out by a rule, or refused. docs/messages.md lists the rules.</summary>
internal sealed class MessageReader
{
    private static readonly ChatRole Developer = new("developer");

    /// <summary>The tool of each call so far. An id that is used again means the latest call.</summary>
    private readonly Dictionary<string, string> _tools = new(StringComparer.Ordinal);
    private readonly List<PromptMessage> _messages = [];

    private MessageReader()
    {
    }

    /// <summary>The conversation as templates know it, in its order.</summary>
    /// <exception cref="ChatMessageException">A content cannot be honoured.</exception>
    public static List<PromptMessage> Read(IReadOnlyList<ChatMessage> messages)
    {
        var reader = new MessageReader();
        for (int index = 0; index < messages.Count; index++)
        {
            reader.Read(messages[index], index);
        }

        return reader._messages;
    }

    /// <summary>Whether a message is read as a system message.</summary>
    public static bool IsSystem(ChatMessage message) => message.Role == ChatRole.System || message.Role == Developer;

    private void Read(ChatMessage message, int index)
    {
        PromptMessage empty = new() { Role = RoleOf(message, index), Source = index, Name = NullIfEmpty(message.AuthorName) };
        PromptMessage part = empty;
        bool hasResult = false;
        for (int content = 0; content < message.Contents.Count; content++)
        {
            var place = new ContentPlace(message, index, content);
            if (message.Contents[content] is FunctionResultContent result)
            {
                Add(part, empty);
                part = empty;
                _messages.Add(ReadResult(result, place));
                hasResult = true;
            }
            else
            {
                part = Read(part, message.Contents[content], place);
            }
        }

        if (message.Role == ChatRole.Tool && !hasResult)
        {
            throw new ChatMessageException(
                index, null, $"Message {index} has the role 'tool', but holds no function result. Give it a {nameof(FunctionResultContent)}, or change its role.");
        }

        if (hasResult)
        {
            Add(part, empty);
        }
        else
        {
            // A message without content is a turn too.
            _messages.Add(part);
        }
    }

    private void Add(PromptMessage part, PromptMessage empty)
    {
        if (part != empty)
        {
            _messages.Add(part);
        }
    }

    private PromptMessage Read(PromptMessage part, AIContent content, ContentPlace place)
    {
        switch (content)
        {
            case TextReasoningContent reasoning:
                // Protected data means something to the service alone that wrote it.
                return string.IsNullOrEmpty(reasoning.Text) ? part : part with { Reasoning = part.Reasoning + ContentRules.ReasoningOf(reasoning, place) };
            case TextContent text:
                return part with { Text = part.Text + text.Text };
            case DataContent data:
                return part with { Text = part.Text + ContentRules.TextOf(data, place) };
            case FunctionCallContent call:
                _tools[call.CallId] = call.Name;
                return part with { Calls = part.Calls.Add(ContentRules.ReadCall(call, place)) };
            case UsageContent or ErrorContent:
                // What an earlier answer has cost, and what went wrong beside it, which histories carry along.
                return part;
            case UriContent uri:
                throw place.Refuse($"is {uri.MediaType} at an address", "but this model takes text only");
            default:
                throw place.Refuse($"is a {content.GetType().Name}", "but a model in this process takes text, reasoning, function calls and function results only");
        }
    }

    private PromptMessage ReadResult(FunctionResultContent result, ContentPlace place) => new()
    {
        Role = PromptMessage.Tool,
        Source = place.Message,
        Name = _tools.TryGetValue(result.CallId, out string? tool) ? tool : throw place.Error(
            $"is the result of the call '{result.CallId}', but no message before it makes a call with this id. Add the assistant's message with the call, or leave the result out."),
        CallId = result.CallId,
        Text = ResultText.Write(result, tool, place),
    };

    /// <summary>Templates know four roles. A developer's message is a system message; a text beside results is the user's.</summary>
    private static string RoleOf(ChatMessage message, int index) =>
        IsSystem(message) ? PromptMessage.System
        : message.Role == ChatRole.User || message.Role == ChatRole.Tool ? PromptMessage.User
        : message.Role == ChatRole.Assistant ? PromptMessage.Assistant
        : throw new ChatMessageException(
            index,
            null,
            $"Message {index} has the role '{message.Role}', but only system, developer, user, assistant and tool are supported. Leave the message out or change its role.");

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
