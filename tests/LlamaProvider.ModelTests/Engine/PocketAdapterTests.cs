using LlamaProvider.Decoding.Model;
using LlamaProvider.Models;
using LlamaProvider.Options;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>LoRA adapters of requests, on a real model.</summary>
public sealed class PocketAdapterTests : IDisposable
{
    private readonly PocketAdapter _adapter = new();

    public void Dispose() => _adapter.Dispose();

    [Fact]
    public async Task UseAdapter_SeveralAtOnce_EachAsAlone()
    {
        await using LlamaEngine engine = await LoadAsync();
        using IChatClient client = engine.CreateChatClient();
        ChatOptions[] options = [Options(), Options().UseAdapter("first"), Options().UseAdapter("second"), Options().UseAdapter("first", 0), Options().UseAdapter("first", -1)];
        string[] alone = new string[options.Length];
        for (int i = 0; i < options.Length; i++)
        {
            alone[i] = (await client.GetResponseAsync("Tell me a story.", options[i])).Text;
        }

        ChatResponse[] together = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => client.GetResponseAsync("Tell me a story.", options[i % options.Length])));

        Assert.Equal(Enumerable.Range(0, 10).Select(i => alone[i % options.Length]), together.Select(response => response.Text));
        Assert.Equal(alone[0], alone[3]);
        Assert.Equal(4, alone.Distinct().Count());
    }

    [Fact]
    public async Task SaveState_WithAdapter_IsRestoredOnlyWhereItIsRegistered()
    {
        await using LlamaEngine engine = await LoadAsync();
        using var client = engine.CreateChatClient();
        ChatMessage[] messages = [new(ChatRole.User, "My name is Anna."), new(ChatRole.Assistant, "Hello Anna!")];
        var state = new MemoryStream();
        await client.SaveStateAsync(messages, state, Options().UseAdapter("first"));

        await using LlamaEngine other = await LoadAsync();
        using var restored = other.CreateChatClient();
        state.Position = 0;
        int tokens = await restored.RestoreStateAsync(state);
        ChatMessage[] next = [.. messages, new(ChatRole.User, "What is my name?")];
        Assert.Equal(0, (await restored.GetResponseAsync(next, Options())).Usage!.CachedInputTokenCount);
        Assert.Equal(tokens, (await restored.GetResponseAsync(next, Options().UseAdapter("first"))).Usage!.CachedInputTokenCount);

        await using LlamaEngine without = await LlamaEngine.LoadAsync(new LlamaEngineOptions { ModelPath = TestFiles.PocketChat, Threads = 1 });
        using var refused = without.CreateChatClient();
        state.Position = 0;
        Assert.Equal(
            "The saved conversation was evaluated with the adapter 'first', but this engine has none. Load the engine with the same adapters under the same names.",
            (await Assert.ThrowsAsync<ModelContextException>(() => refused.RestoreStateAsync(state))).Message);
    }

    [Fact]
    public async Task LoadAsync_FileIsNoAdapter_IsRefused()
    {
        var options = new LlamaEngineOptions { ModelPath = TestFiles.PocketChat };
        options.Adapters["law"] = TestFiles.PocketDraft;

        var error = await Assert.ThrowsAsync<AdapterLoadException>(() => LlamaEngine.LoadAsync(options));

        Assert.StartsWith($"Cannot load the adapter 'law' from '{TestFiles.PocketDraft}': 'general.type' is ", error.Message);
    }

    private static ChatOptions Options() => new() { Temperature = 0, MaxOutputTokens = 24 };

    private async Task<LlamaEngine> LoadAsync()
    {
        var options = new LlamaEngineOptions { ModelPath = TestFiles.PocketChat, Threads = 1 };
        options.Adapters["first"] = _adapter.Write(1);
        options.Adapters["second"] = _adapter.Write(2);
        return await LlamaEngine.LoadAsync(options);
    }
}
