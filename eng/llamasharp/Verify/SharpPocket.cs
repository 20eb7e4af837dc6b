using LLama;
using LLama.Common;
using LlamaProvider.LLamaSharp.Natives;
using LlamaProvider.ModelTests;
using LlamaProvider.TestSupport;

namespace LlamaProvider.LLamaSharp.Verify;

/// <summary>The embedded chat model in LLamaSharp with two adapters, loaded once for a test class.</summary>
public sealed class SharpPocket : IDisposable
{
    private static readonly Lazy<bool> Natives = new(static () =>
    {
        SharpNatives.Load(Environment.GetEnvironmentVariable(SharpNatives.EnvironmentVariable)!);
        return true;
    });

    private readonly PocketAdapter _adapter = new();

    public SharpPocket()
    {
        Weights = Load(TestFiles.PocketChat);
        Model = new LLamaSharpModel(Weights, ownsWeights: true, Options());
    }

    public LLamaWeights Weights { get; }

    public LLamaSharpModel Model { get; }

    public static LLamaWeights Load(string path)
    {
        _ = Natives.Value;
        return LLamaWeights.LoadFromFile(new ModelParams(path));
    }

    public void Dispose()
    {
        Model.Dispose();
        _adapter.Dispose();
    }

    private LLamaSharpModelOptions Options() => new()
    {
        ModelPath = TestFiles.PocketChat,
        Adapters = { ["first"] = _adapter.Write(1), ["second"] = _adapter.Write(2) },
    };
}
