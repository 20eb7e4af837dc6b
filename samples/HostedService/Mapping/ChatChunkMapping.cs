using HostedService.Mapping.Logprobs;
using HostedService.Wire;
using LlamaProvider.Tracing;
using Microsoft.Extensions.AI;

namespace HostedService.Mapping;

/// <summary>From updates to the chunks of one streamed answer. It remembers what each of the answer's texts has had so far.</summary>
/// <param name="identity">What all parts have in common.</param>
/// <param name="choices">How many texts there are.</param>
/// <param name="logprobs">Writes log-probabilities; <see langword="null"/> where none are asked for.</param>
internal sealed class ChatChunkMapping(AnswerIdentity identity, int choices, LogprobMapping? logprobs = null)
{
    private readonly bool[] _started = new bool[choices];
    private readonly int[] _calls = new int[choices];
    private readonly ShownTokens[]? _tokens = logprobs?.CreateShownTokens(choices);
    private readonly UsageDetails[] _usage = [.. Enumerable.Range(0, choices).Select(static _ => new UsageDetails())];

    /// <summary>The chunks of an update: the role once, then what is new, then why the text has ended.</summary>
    public IEnumerable<ChatCompletionChunk> ToChunks(int choice, ChatResponseUpdate update)
    {
        if (!_started[choice])
        {
            _started[choice] = true;
            yield return Chunk(choice, new ChatDelta { Role = "assistant", Content = "" });
        }

        _tokens?[choice].Read(update.GetTraceSteps());
        foreach (AIContent content in update.Contents)
        {
            if (ToDelta(choice, content) is { } delta)
            {
                yield return Chunk(choice, delta, ToLogprobs(choice, content));
            }
        }

        if (update.FinishReason is { } reason)
        {
            yield return Chunk(choice, new ChatDelta(), ToLastLogprobs(choice), FinishReasons.ToWire(reason));
        }
    }

    /// <summary>The chunk behind all others, which has the usage and no choices.</summary>
    public ChatCompletionChunk ToUsageChunk() => new()
    {
        Id = identity.Id,
        Created = identity.Created,
        Model = identity.Model,
        Choices = [],
        Usage = UsageMapping.OfOnePrompt(_usage),
    };

    private ChatDelta? ToDelta(int choice, AIContent content)
    {
        switch (content)
        {
            case TextReasoningContent { Text.Length: > 0 } reasoning:
                return new ChatDelta { ReasoningContent = reasoning.Text };
            case TextContent { Text.Length: > 0 } text:
                return new ChatDelta { Content = text.Text };
            case FunctionCallContent call:
                return new ChatDelta { ToolCalls = [ToolCallMapping.ToWire(call, _calls[choice]++)] };
            case UsageContent usage:
                _usage[choice] = usage.Details;
                return null;
            default:
                return null;
        }
    }

    private ChatLogprobs? ToLogprobs(int choice, AIContent content)
    {
        switch (content)
        {
            case TextReasoningContent reasoning:
                _tokens?[choice].PassReasoning(reasoning.Text);
                return null;
            case TextContent text when _tokens is not null:
                return logprobs!.ToChat(_tokens[choice].Show(text.Text));
            default:
                return null;
        }
    }

    private ChatLogprobs? ToLastLogprobs(int choice) => _tokens?[choice].Complete() is { Count: > 0 } tokens ? logprobs!.ToChat(tokens) : null;

    private ChatCompletionChunk Chunk(int choice, ChatDelta delta, ChatLogprobs? tokens = null, string? finishReason = null) => new()
    {
        Id = identity.Id,
        Created = identity.Created,
        Model = identity.Model,
        Choices = [new ChunkChoice { Index = choice, Delta = delta, Logprobs = tokens, FinishReason = finishReason }],
    };
}
