using LlamaProvider.TestSupport;

namespace LlamaProvider.SemanticKernel.Tests;

/// <summary>An engine on the embedded model, for a test class.</summary>
public sealed class KernelEngine : IAsyncLifetime
{
    public LlamaEngine Engine { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Engine = await LlamaEngine.LoadAsync(new LlamaEngineOptions { ModelPath = TestFiles.PocketChat, Threads = 1 });

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
