using LlamaProvider.Chat;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>What a chat saves when its beginning is known.</summary>
public sealed class PrefixCacheOfChatsTests : ScriptedChatTests
{
    private const string System = "You are a kind llama who answers in short sentences.";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Usage_SecondTurn_ReportsTheFirstTurnAsCached(bool streaming)
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        List<ChatMessage> messages = [new(ChatRole.User, "hello")];
        ChatResponse first = await Ask();
        messages.AddMessages(first);
        messages.Add(new ChatMessage(ChatRole.User, "again"));

        ChatResponse second = await Ask();

        Assert.Equal(0, first.Usage!.CachedInputTokenCount);
        Assert.True(second.Usage!.CachedInputTokenCount >= first.Usage.InputTokenCount, $"{second.Usage.CachedInputTokenCount} of {second.Usage.InputTokenCount}");
        Assert.Equal("You said: again 🦙", second.Text);

        async Task<ChatResponse> Ask() => streaming
            ? await client.GetStreamingResponseAsync(messages).ToChatResponseAsync()
            : await client.GetResponseAsync(messages);
    }

    [Fact]
    public async Task Usage_PrefixCacheOff_IsZero()
    {
        await using LlamaEngine engine = CreateEngine(prefixCacheSequences: 0);
        using LlamaChatClient client = engine.CreateChatClient();
        await client.GetResponseAsync("hello");

        Assert.Equal(0, (await client.GetResponseAsync("hello")).Usage!.CachedInputTokenCount);
    }

    [Fact]
    public async Task PinnedPrompts_FirstConversation_IsCachedAlready()
    {
        var options = new LlamaEngineOptions { ContextLength = 400 };
        options.PinnedPrompts.Add(System);
        await using LlamaEngine engine = LlamaEngine.Create(Model, options);
        using LlamaChatClient client = engine.CreateChatClient();

        for (int i = 0; i < 5; i++)
        {
            // Each fills the memory, so that whatever is not pinned goes.
            ChatResponse response = await client.GetResponseAsync(
                [new(ChatRole.System, System), new(ChatRole.User, $"{i}{new string('y', 200)}")], new ChatOptions { MaxOutputTokens = 60 });
            Assert.InRange(response.Usage!.CachedInputTokenCount!.Value, System.Length, System.Length + 30);
        }
    }

    [Fact]
    public void PinnedPrompts_TooLong_IsAnErrorAtTheStart()
    {
        var options = new LlamaEngineOptions { ContextLength = 64 };
        options.PinnedPrompts.Add(new string('z', 100));

        var error = Assert.Throws<ContextOverflowException>(() => LlamaEngine.Create(Model, options));

        Assert.Equal(64, error.ContextTokens);
    }

    [Theory]
    [InlineData(241, 512, null, "PrefixCacheSequences is 241, but must be from 0 to 240 with these Sequences, BatchTokens and ContextLength. Change the option or leave it unset.")]
    [InlineData(5, 20, null, "PrefixCacheSequences is 5, but must be from 0 to 4 with these Sequences, BatchTokens and ContextLength. Change the option or leave it unset.")]
    [InlineData(-1, 512, 18, "PrefixCacheSequences is -1, but must be from 0 to 2 with these Sequences, BatchTokens and ContextLength. Change the option or leave it unset.")]
    public void PrefixCacheSequences_OutOfRange_StatesTheRange(int value, int batchTokens, int? length, string message)
    {
        var options = new LlamaEngineOptions { PrefixCacheSequences = value, BatchTokens = batchTokens, ContextLength = length };

        Assert.Equal([message], Assert.Throws<InvalidOptionsException>(() => LlamaEngine.Create(Model, options)).Errors);
    }

    [Fact]
    public void PinnedPrompts_MoreThanAreKept_IsAnError()
    {
        var options = new LlamaEngineOptions { PrefixCacheSequences = 1 };
        options.PinnedPrompts.Add("a");
        options.PinnedPrompts.Add("b");

        Assert.Equal(
            ["PinnedPrompts holds 2 prompts, but PrefixCacheSequences is 1. Raise the one or remove some of the other."],
            Assert.Throws<InvalidOptionsException>(() => LlamaEngine.Create(Model, options)).Errors);
    }
}
