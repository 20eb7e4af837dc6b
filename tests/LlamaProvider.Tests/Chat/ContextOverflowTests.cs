using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

public sealed class ContextOverflowTests : ScriptedChatTests
{
    private static readonly ChatMessage System = new(ChatRole.System, "be brief");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TruncateOldest_LongConversation_LeavesAsFewTurnsOutAsNeeded(bool streaming)
    {
        await using LlamaEngine engine = CreateEngine(contextLength: 200);
        using LlamaChatClient client = engine.CreateChatClient();
        List<ChatMessage> messages = [System, .. Enumerable.Range(0, 10).SelectMany(Turn), new(ChatRole.User, "show")];
        ChatOptions options = new ChatOptions { MaxOutputTokens = 100 }.UseContextOverflow(ContextOverflow.TruncateOldest);

        ChatResponse response = streaming
            ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync()
            : await client.GetResponseAsync(messages, options);

        // The scripted model says its prompt back: 100 tokens are left for it beside 100 of the answer.
        int omitted = (int)response.Messages[0].AdditionalProperties!["llama.omitted_messages"]!;
        Assert.InRange(response.Usage!.InputTokenCount!.Value, 101 - TurnTokens(9), 100);
        Assert.Equal(0, omitted % 2);
        Assert.StartsWith($"<turn>system:be brief<turn>user:question {omitted / 2}", response.Text);
    }

    [Fact]
    public async Task TruncateOldest_ConversationThatFits_IsLeftAlone()
    {
        ChatResponse response = await Respond("hello", new ChatOptions().UseContextOverflow(ContextOverflow.TruncateOldest));

        Assert.Null(response.Messages[0].AdditionalProperties);
        Assert.Equal("You said: hello 🦙", response.Text);
    }

    [Fact]
    public async Task TruncateOldest_LastTurnAloneIsTooLong_IsAnError()
    {
        await using LlamaEngine engine = CreateEngine(contextLength: 64);
        using LlamaChatClient client = engine.CreateChatClient();

        await Assert.ThrowsAsync<ContextOverflowException>(() => client.GetResponseAsync(
            [.. Turn(0), new(ChatRole.User, new string('x', 100))], new ChatOptions().UseContextOverflow(ContextOverflow.TruncateOldest)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Shift_AnswerLongerThanTheContext_GoesOnToItsTokenLimit(bool streaming)
    {
        var model = new ScriptedModel(ScriptedVocabulary.Bytes(), (_, logits) => logits[ScriptedVocabulary.Byte('x')] = 40) { ChatTemplate = ScriptedModel.TurnTemplate };
        await using LlamaEngine engine = LlamaEngine.Create(model, new LlamaEngineOptions { ContextLength = 64, Sequences = 4, BatchTokens = 64 });
        using LlamaChatClient client = engine.CreateChatClient();
        List<ChatMessage> messages = [System, new(ChatRole.User, "forever")];
        ChatOptions options = new ChatOptions { MaxOutputTokens = 500 }.UseContextOverflow(ContextOverflow.Shift);

        ChatResponse response = streaming
            ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync()
            : await client.GetResponseAsync(messages, options);

        Assert.Equal((500, ChatFinishReason.Length), (response.Usage!.OutputTokenCount, response.FinishReason));
        Assert.Equal(30, response.Usage.InputTokenCount);
    }

    [Fact]
    public async Task Shift_PromptLongerThanTheContext_IsAnError()
    {
        await using LlamaEngine engine = CreateEngine(contextLength: 64);
        using LlamaChatClient client = engine.CreateChatClient();

        await Assert.ThrowsAsync<ContextOverflowException>(() => client.GetResponseAsync(
            new string('x', 100), new ChatOptions().UseContextOverflow(ContextOverflow.Shift)));
    }

    [Fact]
    public async Task Shift_MemoryCannotMovePositions_IsRefused()
    {
        ScriptedModel model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes(), ModelCapabilities.All with { CanShift = false });
        await using LlamaEngine engine = LlamaEngine.Create(model);
        using LlamaChatClient client = engine.CreateChatClient(new LlamaChatClientOptions { ChatTemplate = ScriptedModel.TurnTemplate });

        var error = await Assert.ThrowsAsync<OptionNotSupportedException>(
            () => client.GetResponseAsync("hello", new ChatOptions().UseContextOverflow(ContextOverflow.Shift)));

        Assert.Equal("llama.context_overflow", error.Option);
        Assert.Equal(
            "llama.context_overflow is 'shift', but the memory of 'scripted' cannot move positions. Use 'truncate_oldest' or 'error', or choose another model.",
            error.Message);
    }

    [Theory]
    [InlineData("truncate_oldest", ContextOverflow.TruncateOldest)]
    [InlineData("shift", ContextOverflow.Shift)]
    [InlineData("ERROR", ContextOverflow.Error)]
    [InlineData(ContextOverflow.TruncateOldest, ContextOverflow.TruncateOldest)]
    public void GetContextOverflow_AnyForm_IsRead(object value, ContextOverflow expected) =>
        Assert.Equal(expected, new ChatOptions { AdditionalProperties = new() { ["llama.context_overflow"] = value } }.GetContextOverflow());

    [Fact]
    public async Task GetContextOverflow_AnotherWord_IsAnError() => Assert.Equal(
        "llama.context_overflow is 'slide', but must be one of: error, truncate_oldest, shift. Change the option or leave it unset.",
        (await Assert.ThrowsAsync<OptionNotSupportedException>(
            () => Respond("hello", new ChatOptions { AdditionalProperties = new() { ["llama.context_overflow"] = "slide" } }))).Message);

    private static ChatMessage[] Turn(int number) => [new(ChatRole.User, $"question {number}"), new(ChatRole.Assistant, $"answer {number}")];

    private static int TurnTokens(int number) => Turn(number).Sum(message => 1 + message.Role.Value.Length + 1 + message.Text.Length);
}
