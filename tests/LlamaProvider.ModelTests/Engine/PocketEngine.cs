using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>An engine on the embedded chat model, for a test class.</summary>
public sealed class PocketEngine : IAsyncLifetime
{
    public LlamaEngine Engine { get; private set; } = null!;

    // One thread: the model is tiny, and threads that wait for each other suffer most where other tests run beside them.
    public async ValueTask InitializeAsync() =>
        Engine = await LlamaEngine.LoadAsync(new LlamaEngineOptions { ModelPath = TestFiles.PocketChat, Threads = 1 });

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
