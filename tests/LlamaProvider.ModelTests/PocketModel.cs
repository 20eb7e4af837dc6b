using LlamaProvider.Native;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests;

/// <summary>The embedded chat model with two adapters, loaded once for a test class.</summary>
public sealed class PocketModel : IDisposable
{
    private readonly PocketAdapter _adapter = new();

    public PocketModel()
    {
        var options = new LlamaCppModelOptions
        {
            Adapters = new Dictionary<string, string> { ["first"] = _adapter.Write(1), ["second"] = _adapter.Write(2) },
        };
        Model = LlamaCppModel.Load(TestFiles.PocketChat, options, progress: null, CancellationToken.None);
    }

    internal LlamaCppModel Model { get; }

    public void Dispose()
    {
        Model.Dispose();
        _adapter.Dispose();
    }
}
