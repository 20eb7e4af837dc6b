using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>From responses to a whole answer.</summary>
internal static class ChatCompletionMapping
{
    public static ChatCompletion ToCompletion(AnswerIdentity identity, IReadOnlyList<ChatResponse> responses) => new()
    {
        Id = identity.Id,
        Created = identity.Created,
        Model = identity.Model,
        Choices = [.. responses.Select(ToChoice)],
        Usage = UsageMapping.OfOnePrompt([.. responses.Select(static response => response.Usage ?? new UsageDetails())]),
    };

    private static ChatChoice ToChoice(ChatResponse response, int index)
    {
        AIContent[] contents = [.. response.Messages.SelectMany(static message => message.Contents)];
        FunctionCallContent[] calls = [.. contents.OfType<FunctionCallContent>()];
        string text = string.Concat(contents.OfType<TextContent>());
        string reasoning = string.Concat(contents.OfType<TextReasoningContent>());
        return new ChatChoice
        {
            Index = index,
            Message = new ChatResponseMessage
            {
                Content = calls.Length > 0 && text.Length == 0 ? null : text,
                ReasoningContent = reasoning.Length > 0 ? reasoning : null,
                ToolCalls = calls.Length > 0 ? [.. calls.Select(static call => ToolCallMapping.ToWire(call))] : null,
            },
            FinishReason = FinishReasons.ToWire(response.FinishReason),
        };
    }
}
