using System.Text.Json;
using HostedService.Mapping;
using HostedService.Wire;
using Microsoft.Extensions.AI;

namespace HostedService.Tests.Mapping;

public sealed class AnswerMappingTests
{
    private static readonly AnswerIdentity Identity = new("chatcmpl-1", 5, "m");
    private static readonly UsageDetails Usage = new() { InputTokenCount = 10, CachedInputTokenCount = 4, OutputTokenCount = 3, ReasoningTokenCount = 1 };

    private static readonly FunctionCallContent Call = new("c1", "f", new Dictionary<string, object?> { ["city"] = JsonElement.Parse("\"Zürich\""), ["n"] = 2 });

    [Fact]
    public void ToCompletion_TextAndReasoning_HasEveryMember()
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("Hm."), new TextContent("Grüße")])) { Usage = Usage, FinishReason = ChatFinishReason.Length };

        Assert.Equal(
            """{"id":"chatcmpl-1","object":"chat.completion","created":5,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Grüße","refusal":null,"reasoning_content":"Hm."},"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":1}}}""",
            JsonSerializer.Serialize(ChatCompletionMapping.ToCompletion(Identity, [response]), WireJson.Types.ChatCompletion));
    }

    [Fact]
    public void ToCompletion_Calls_HaveNoContentAndArgumentsAsText()
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, [Call])) { FinishReason = ChatFinishReason.ToolCalls };

        ChatChoice choice = Assert.Single(ChatCompletionMapping.ToCompletion(Identity, [response]).Choices);

        Assert.Null(choice.Message.Content);
        Assert.Equal("tool_calls", choice.FinishReason);
        ToolCall call = Assert.Single(choice.Message.ToolCalls!);
        Assert.Equal(("c1", "function", "f", null), (call.Id, call.Type, call.Function!.Name, call.Index));
        Assert.Equal("Zürich", JsonElement.Parse(call.Function.Arguments!).GetProperty("city").GetString());
    }

    [Fact]
    public void ToCompletion_SeveralChoices_CountThePromptOnce()
    {
        ChatResponse[] responses = [new(new ChatMessage(ChatRole.Assistant, "a")) { Usage = Usage }, new(new ChatMessage(ChatRole.Assistant, "b")) { Usage = Usage }];

        ChatCompletion completion = ChatCompletionMapping.ToCompletion(Identity, responses);

        Assert.Equal([(0, "a"), (1, "b")], completion.Choices.Select(static choice => (choice.Index, choice.Message.Content!)));
        Assert.Equal((10, 6, 16), (completion.Usage.PromptTokens, completion.Usage.CompletionTokens, completion.Usage.TotalTokens));
    }

    [Fact]
    public void ToChunks_OfAStream_AreRoleThenTextThenReasonThenUsage()
    {
        var mapping = new ChatChunkMapping(Identity, choices: 1);
        ChatCompletionChunk[] chunks =
        [
            .. mapping.ToChunks(0, new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("Hm.")])),
            .. mapping.ToChunks(0, new ChatResponseUpdate(ChatRole.Assistant, "Hi")),
            .. mapping.ToChunks(0, new ChatResponseUpdate(ChatRole.Assistant, [Call, Call])),
            .. mapping.ToChunks(0, new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(Usage)]) { FinishReason = ChatFinishReason.ToolCalls }),
            mapping.ToUsageChunk(),
        ];

        Assert.Equal(["assistant", null, null, null, null, null], chunks[..^1].Select(static chunk => chunk.Choices[0].Delta.Role));
        Assert.Equal(["", null, "Hi", null, null, null], chunks[..^1].Select(static chunk => chunk.Choices[0].Delta.Content));
        Assert.Equal("Hm.", chunks[1].Choices[0].Delta.ReasoningContent);
        Assert.Equal([0, 1], chunks[3..5].Select(static chunk => chunk.Choices[0].Delta.ToolCalls![0].Index!.Value));
        Assert.Equal([null, null, null, null, null, "tool_calls"], chunks[..^1].Select(static chunk => chunk.Choices[0].FinishReason));
        Assert.Empty(chunks[^1].Choices);
        Assert.Equal(13, chunks[^1].Usage!.TotalTokens);
        Assert.Equal(
            """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"logprobs":null,"finish_reason":null}]}""",
            JsonSerializer.Serialize(chunks[2], WireJson.Types.ChatCompletionChunk));
    }

    [Fact]
    public void ToChunk_OfAnEchoedCompletion_BeginsWithThePrompt()
    {
        var mapping = new CompletionMapping(Identity, ["One", "Two"], answersPerPrompt: 2, echo: true);

        TextCompletion first = mapping.ToChunk(2, new ChatResponseUpdate(ChatRole.Assistant, " and"))!;
        TextCompletion second = mapping.ToChunk(2, new ChatResponseUpdate(ChatRole.Assistant, " three"))!;

        Assert.Equal(((2, "Two and"), (2, " three")), ((first.Choices[0].Index, first.Choices[0].Text), (second.Choices[0].Index, second.Choices[0].Text)));
        Assert.Null(mapping.ToChunk(2, new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(Usage)])));
    }

    [Fact]
    public void ToCompletion_SeveralPrompts_CountEachOnce()
    {
        var mapping = new CompletionMapping(Identity, ["One", "Two"], answersPerPrompt: 2, echo: false);
        ChatResponse[] responses = [.. Enumerable.Range(0, 4).Select(static index => new ChatResponse(new ChatMessage(ChatRole.Assistant, $"{index}")) { Usage = Usage })];

        TextCompletion completion = mapping.ToCompletion(responses);

        Assert.Equal(["0", "1", "2", "3"], completion.Choices.Select(static choice => choice.Text));
        Assert.Equal((20, 12, 32), (completion.Usage!.PromptTokens, completion.Usage.CompletionTokens, completion.Usage.TotalTokens));
    }
}
