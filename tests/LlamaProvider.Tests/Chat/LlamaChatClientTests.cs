using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Options;
using LlamaProvider.Templates;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

public sealed class LlamaChatClientTests : ScriptedChatTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Response_Question_HasTextReasonUsageAndIds(bool streaming)
    {
        ChatResponse response = await Respond("hello", streaming: streaming);

        Assert.Equal("You said: hello 🦙", response.Text);
        Assert.Equal(ChatRole.Assistant, Assert.Single(response.Messages).Role);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal((12, 20, 32), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.TotalTokenCount));
        Assert.Equal("scripted", response.ModelId);
        Assert.Equal(Now, response.CreatedAt);
        Assert.False(string.IsNullOrEmpty(response.ResponseId));
        Assert.False(string.IsNullOrEmpty(response.Messages[0].MessageId));
    }

    [Fact]
    public async Task Stream_EveryUpdate_CarriesTheContract()
    {
        List<ChatResponseUpdate> updates = await Updates("hello");

        Assert.Equal("You said: hello 🦙", string.Concat(updates.Select(update => update.Text)));
        Assert.Equal(18, updates.Count);
        Assert.All(updates, update => Assert.Equal(ChatRole.Assistant, update.Role));
        Assert.All(updates, update => Assert.Equal("scripted", update.ModelId));
        Assert.All(updates, update => Assert.Equal(Now, update.CreatedAt));
        Assert.Single(updates.Select(update => (update.ResponseId, update.MessageId)).Distinct());
        Assert.Equal(ChatFinishReason.Stop, updates[^1].FinishReason);
        Assert.All(updates[..^1], update => Assert.Null(update.FinishReason));
        Assert.Single(updates.SelectMany(update => update.Contents).OfType<UsageContent>());
        Assert.IsType<UsageContent>(Assert.Single(updates[^1].Contents));
        Assert.All(updates, update => Assert.DoesNotContain('\uFFFD', update.Text));
    }

    [Fact]
    public async Task Responses_TwoCalls_HaveDifferentIds()
    {
        ChatResponse first = await Respond("a");
        ChatResponse second = await Respond("a");

        Assert.NotEqual(first.ResponseId, second.ResponseId);
        Assert.NotEqual(first.Messages[0].MessageId, second.Messages[0].MessageId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StopSequence_AcrossTokens_EndsTheAnswerBeforeIt(bool streaming)
    {
        ChatResponse response = await Respond("hello", new ChatOptions { StopSequences = ["zzz", "d: h"] }, streaming);

        Assert.Equal("You sai", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(11, response.Usage!.OutputTokenCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MaxOutputTokens_Reached_FinishesWithLength(bool streaming)
    {
        ChatResponse response = await Respond("hello", new ChatOptions { MaxOutputTokens = 5 }, streaming);

        Assert.Equal("You s", response.Text);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal(5, response.Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task MaxOutputTokens_InsideACharacter_ShowsReplacementAtTheEnd()
    {
        ChatResponse response = await Respond("hello", new ChatOptions { MaxOutputTokens = 18 });

        Assert.Equal("You said: hello \uFFFD", response.Text);
    }

    [Fact]
    public async Task Context_FilledByTheAnswer_FinishesWithLength()
    {
        using LlamaEngine engine = CreateEngine(contextLength: 20);

        ChatResponse response = await engine.CreateChatClient().GetResponseAsync("hello");

        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal("You said:", response.Text);
    }

    [Fact]
    public async Task Prompt_LongerThanTheContext_IsRefusedWithBothNumbers()
    {
        using LlamaEngine engine = CreateEngine(contextLength: 20);

        var error = await Assert.ThrowsAsync<ContextOverflowException>(() => engine.CreateChatClient().GetResponseAsync(new string('x', 40)));

        Assert.Equal(
            "The prompt has 47 tokens, but the context holds 20 and needs room for one more to answer. Shorten the conversation, or load the model with a larger context length.",
            error.Message);
        Assert.Equal((47, 20), (error.PromptTokens, error.ContextTokens));
    }

    [Fact]
    public async Task Responses_ManyCallersAtOnce_EachGetsItsOwn()
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        string[] questions = [.. Enumerable.Range(0, 40).Select(i => $"question {i}")];

        ChatResponse[] responses = await Task.WhenAll(questions.Select(async (question, i) =>
            i % 2 == 0 ? await client.GetResponseAsync(question) : await client.GetStreamingResponseAsync(question).ToChatResponseAsync()));

        Assert.Equal(questions.Select(question => $"You said: {question} 🦙"), responses.Select(response => response.Text));
    }

    [Fact]
    public async Task Instructions_WithAndWithoutSystemMessage_ComeFirst()
    {
        ChatOptions options = new() { Instructions = "terse" };

        Assert.Contains("<turn>system:terse<turn>user:show", (await Respond("show", options)).Text);
        ChatResponse merged = await Engine.CreateChatClient().GetResponseAsync([new(ChatRole.System, "polite"), new(ChatRole.User, "show")], options);
        Assert.Contains("<turn>system:terse\n\npolite<turn>user:show", merged.Text);
    }

    [Fact]
    public void GetService_KnownTypes_AreFound()
    {
        using LlamaChatClient client = Engine.CreateChatClient();

        var metadata = client.GetService<ChatClientMetadata>()!;
        Assert.Equal(("llama.cpp", null, "scripted"), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId));
        Assert.Same(Engine, client.GetService<LlamaEngine>());
        Assert.Same(client, client.GetService<LlamaChatClient>());
        Assert.Same(client, client.GetService<IChatClient>());
        Assert.Null(client.GetService<string>());
        Assert.Null(client.GetService(typeof(LlamaEngine), serviceKey: "key"));
        Assert.Throws<ArgumentNullException>(() => client.GetService(null!));
    }

    [Fact]
    public void CreateChatClient_NoTemplate_SaysWhatToSet()
    {
        using LlamaEngine engine = LlamaEngine.Create(ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()));

        Assert.Contains(
            "The model 'scripted' has no chat template, so messages cannot be turned into a prompt. Set LlamaChatClientOptions.ChatTemplate.",
            Assert.Throws<ChatTemplateException>(() => engine.CreateChatClient()).Message);
        Assert.NotNull(engine.CreateChatClient(new LlamaChatClientOptions { ChatTemplate = "{{ messages[0].content }}" }));
    }

    [Fact]
    public void CreateChatClient_NoCapacity_IsRefused() => Assert.Equal(
        "LlamaChatClientOptions: StreamCapacity is 0, but must be 1 or more. Change the option or leave it unset.",
        Assert.Throws<InvalidOptionsException>(() => Engine.CreateChatClient(new LlamaChatClientOptions { StreamCapacity = 0 })).Message);
}
