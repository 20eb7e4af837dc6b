using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Messages;

/// <summary>How single contents become text or calls.</summary>
internal static class ContentRules
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string ReasoningOf(TextReasoningContent reasoning, ContentPlace place) => place.IsAssistant
        ? reasoning.Text
        : throw place.Error("is reasoning, but only the assistant's reasoning has a place in a prompt. Change the message's role to assistant, or give it as text.");

    /// <summary>Text in the form of data.</summary>
    public static string TextOf(DataContent data, ContentPlace place)
    {
        if (!data.HasTopLevelMediaType("text"))
        {
            throw place.Refuse($"is {data.MediaType} data", "but this model takes text only");
        }

        try
        {
            return StrictUtf8.GetString(data.Data.Span);
        }
        catch (DecoderFallbackException error)
        {
            throw place.Error($"is {data.MediaType} data, but not UTF-8. Convert it, or give it as text.", cause: error);
        }
    }

    public static PromptCall ReadCall(FunctionCallContent call, ContentPlace place)
    {
        if (!place.IsAssistant)
        {
            throw place.Error($"calls the function '{call.Name}', but only the assistant calls functions. Change the message's role to assistant.");
        }

        var arguments = new JsonObject();
        foreach ((string name, object? value) in call.Arguments ?? new Dictionary<string, object?>())
        {
            arguments[name] = ReadArgument(call, name, value, place);
        }

        return new PromptCall(call.CallId, call.Name, ContentJson.ToElement(arguments));
    }

    private static JsonNode? ReadArgument(FunctionCallContent call, string name, object? value, ContentPlace place)
    {
        try
        {
            return ContentJson.ToNode(value);
        }
        catch (Exception error) when (ContentJson.IsRefusal(error))
        {
            string pointer = $"/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            throw place.Error(
                $"calls the function '{call.Name}' with a {value!.GetType().Name} at '{pointer}', which has no JSON: {ContentJson.Reason(error)} Give JSON or plain values.",
                pointer,
                error);
        }
    }
}
