using HostedService.Mapping.Logprobs;
using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>From responses to a whole answer.</summary>
internal static class ChatCompletionMapping
{
    /// <param name="identity">What all parts have in common.</param>
    /// <param name="responses">The responses.</param>
    /// <param name="logprobs">Writes log-probabilities; <see langword="null"/> where none are asked for.</param>
    public static ChatCompletion ToCompletion(AnswerIdentity identity, IReadOnlyList<ChatResponse> responses, LogprobMapping? logprobs = null) => new()
    {
        Id = identity.Id,
        Created = identity.Created,
        Model = identity.Model,
        Choices = [.. responses.Select((response, index) => ToChoice(response, index, logprobs))],
        Usage = UsageMapping.OfOnePrompt([.. responses.Select(static response => response.Usage ?? new UsageDetails())]),
    };

    private static ChatChoice ToChoice(ChatResponse response, int index, LogprobMapping? logprobs)
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
            Logprobs = logprobs?.ToChat(logprobs.FindShown(response)),
            FinishReason = FinishReasons.ToWire(response.FinishReason),
        };
    }
}
