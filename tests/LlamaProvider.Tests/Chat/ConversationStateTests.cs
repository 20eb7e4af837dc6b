using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>A conversation that goes on in another engine.</summary>
public sealed class ConversationStateTests : ScriptedChatTests
{
    private static readonly ChatMessage[] Conversation =
        [new(ChatRole.System, "be brief"), new(ChatRole.User, "hello"), new(ChatRole.Assistant, "You said: hello 🦙")];

    private static readonly ChatMessage Next = new(ChatRole.User, "again");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restore_InAnotherEngine_NeedNotEvaluateTheConversation(bool wasAnswered)
    {
        using LlamaChatClient first = Engine.CreateChatClient();
        if (wasAnswered)
        {
            await first.GetResponseAsync(Conversation[..2]);
        }

        var state = new MemoryStream();
        await first.SaveStateAsync(Conversation, state);
        state.Position = 0;
        await using LlamaEngine engine = CreateEngine();
        using LlamaChatClient second = engine.CreateChatClient();
        int restored = await second.RestoreStateAsync(state);

        ChatResponse response = await second.GetResponseAsync([.. Conversation, Next]);

        Assert.Equal("You said: again 🦙", response.Text);
        Assert.Equal(restored, response.Usage!.CachedInputTokenCount);
        Assert.InRange(restored, response.Usage.InputTokenCount!.Value - 20, response.Usage.InputTokenCount.Value - 1);
    }

    [Fact]
    public async Task Restore_DamagedAnywhere_IsRefusedAndNothingIsLost()
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        var state = new MemoryStream();
        await client.SaveStateAsync(Conversation, state);
        byte[] bytes = state.ToArray();
        await using LlamaEngine engine = CreateEngine();
        using LlamaChatClient other = engine.CreateChatClient();

        foreach (byte[] damaged in (byte[][])[[], [1, 2, 3], bytes[..40], bytes[..^1], Flip(0), Flip(9), Flip(20), Flip(bytes.Length - 2)])
        {
            await Assert.ThrowsAsync<ModelContextException>(() => other.RestoreStateAsync(new MemoryStream(damaged)));
        }

        Assert.Equal(0, engine.GetSnapshot().KeptPrefixes);
        await other.RestoreStateAsync(new MemoryStream(bytes));

        byte[] Flip(int index)
        {
            byte[] copy = [.. bytes];
            copy[index] ^= 1;
            return copy;
        }
    }

    [Fact]
    public async Task Restore_NoRoom_SaysHowMuchIsNeeded()
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        var state = new MemoryStream();
        await client.SaveStateAsync([new(ChatRole.User, new string('y', 300))], state);
        await using LlamaEngine engine = CreateEngine(contextLength: 100);
        state.Position = 0;

        var error = await Assert.ThrowsAsync<ModelContextException>(() => engine.CreateChatClient().RestoreStateAsync(state));

        Assert.Matches("^The saved conversation holds 3\\d\\d tokens, but the context of 100 has no room for it beside what runs and is pinned\\. Restore it", error.Message);
    }

    [Fact]
    public async Task Save_PrefixCacheOff_IsRefused()
    {
        await using LlamaEngine engine = CreateEngine(prefixCacheSequences: 0);

        Assert.Equal(
            "PrefixCacheSequences is 0, so the engine keeps no conversation that could be saved or restored. Set it to 1 or more.",
            (await Assert.ThrowsAsync<OptionNotSupportedException>(() => engine.CreateChatClient().SaveStateAsync(Conversation, new MemoryStream()))).Message);
    }

    [Fact]
    public async Task Save_LongerThanTheContext_IsRefused()
    {
        await using LlamaEngine engine = CreateEngine(contextLength: 64);

        await Assert.ThrowsAsync<ContextOverflowException>(
            () => engine.CreateChatClient().SaveStateAsync([new(ChatRole.User, new string('y', 300))], new MemoryStream()));
    }

    [Fact]
    public async Task Save_EngineDisposed_SaysSo()
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        Engine.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.SaveStateAsync(Conversation, new MemoryStream()));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.RestoreStateAsync(new MemoryStream([1])));
    }
}
