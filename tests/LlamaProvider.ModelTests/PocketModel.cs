using LlamaProvider.Native;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests;

/// <summary>The embedded chat model, loaded once for a test class.</summary>
public sealed class PocketModel : IDisposable
{
    internal LlamaCppModel Model { get; } = LlamaCppModel.Load(TestFiles.PocketChat, new LlamaCppModelOptions(), progress: null, CancellationToken.None);

    public void Dispose() => Model.Dispose();
}
