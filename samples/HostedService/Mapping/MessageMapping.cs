using System.Text.Json;
using HostedService.Errors;
using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>From a request's messages to a conversation, one for one, so that an error about a message names its place in the request.</summary>
internal static class MessageMapping
{
    /// <exception cref="ApiException">There is none, or one has a form that no model here takes.</exception>
    public static List<ChatMessage> ToMessages(IReadOnlyList<ChatRequestMessage?>? messages)
    {
        if (messages is null)
        {
            throw new ApiException(ApiErrors.Missing("messages"));
        }

        return messages.Count == 0
            ? throw new ApiException(ApiErrors.InvalidValue("messages", "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."))
            : [.. messages.Select((message, index) => ToMessage(message, $"messages[{index}]"))];
    }

    private static ChatMessage ToMessage(ChatRequestMessage? message, string path)
    {
        if (message is null)
        {
            throw new ApiException(ApiErrors.InvalidType(path, "an object", "null"));
        }

        (ChatRole role, List<AIContent> contents) = message.Role switch
        {
            "system" or "developer" => (ChatRole.System, ContentMapping.Require(message.Content, path)),
            "user" => (ChatRole.User, ContentMapping.Require(message.Content, path)),
            "assistant" => (ChatRole.Assistant, ToAssistant(message, path)),
            "tool" => (ChatRole.Tool, ToResult(message, path)),
            null => throw new ApiException(ApiErrors.Missing($"{path}.role")),
            var role1 => throw new ApiException(ApiErrors.InvalidValue(
                $"{path}.role", $"Invalid value: '{role1}'. Supported values are: 'system', 'developer', 'user', 'assistant' and 'tool'.")),
        };
        return new ChatMessage(role, contents) { AuthorName = message.Name };
    }

    private static List<AIContent> ToAssistant(ChatRequestMessage message, string path)
    {
        RefuseMeaning(message.FunctionCall, $"{path}.function_call", "Functions are called by 'tool_calls'. Use those.");
        RefuseMeaning(message.Audio, $"{path}.audio", "The models here take text only. Leave it out.");
        List<AIContent> contents = [];
        if (!string.IsNullOrEmpty(message.ReasoningContent))
        {
            contents.Add(new TextReasoningContent(message.ReasoningContent));
        }

        bool isComplete = message.ToolCalls is { Count: > 0 } || message.Refusal is not null;
        contents.AddRange(isComplete ? ContentMapping.ToContents(message.Content, path) : ContentMapping.Require(message.Content, path));
        if (message.Refusal is not null)
        {
            contents.Add(new TextContent(message.Refusal));
        }

        contents.AddRange((message.ToolCalls ?? []).Select((call, index) => ToolCallMapping.ToContent(call, $"{path}.tool_calls[{index}]")));
        return contents;
    }

    private static List<AIContent> ToResult(ChatRequestMessage message, string path)
    {
        string id = message.ToolCallId ?? throw new ApiException(ApiErrors.Missing($"{path}.tool_call_id"));
        return [new FunctionResultContent(id, string.Concat(ContentMapping.Require(message.Content, path)))];
    }

    private static void RefuseMeaning(JsonElement? value, string path, string remedy)
    {
        if (value is not null)
        {
            throw new ApiException(ApiErrors.Unsupported(path, $"Unsupported parameter: '{path}'. {remedy}"));
        }
    }
}
