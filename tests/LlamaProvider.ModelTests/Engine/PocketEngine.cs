using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>An engine on the embedded chat model, for a test class.</summary>
public sealed class PocketEngine : IAsyncLifetime
{
    public LlamaEngine Engine { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Engine = await LlamaEngine.LoadAsync(new LlamaEngineOptions { ModelPath = TestFiles.PocketChat });

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
