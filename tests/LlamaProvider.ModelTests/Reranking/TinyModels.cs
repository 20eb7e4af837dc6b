using LlamaProvider.TestSupport.Models;

namespace LlamaProvider.ModelTests.Reranking;

/// <summary>Small random models in a folder of their own.</summary>
public sealed class TinyModels : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tiny");

    public TinyEncoder Encoder { get; } = new(hasHead: true, pooling: 4);

    public TinyEncoder Embedder { get; } = new(hasHead: false, pooling: 2);

    public TinyDecoderRanker Decoder { get; } = new(hasHead: true);

    public string EncoderPath => Write("encoder", Encoder.Write);

    public string EmbedderPath => Write("embedder", Embedder.Write);

    public string DecoderPath => Write("decoder", Decoder.Write);

    public string HeadlessDecoderPath => Write("headless", new TinyDecoderRanker(hasHead: false).Write);

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Tests of a class run one after the other, so no two write a file at once.</summary>
    public string Write(string name, Action<string> write)
    {
        string path = Path.Combine(_folder.FullName, $"{name}.gguf");
        if (!File.Exists(path))
        {
            write(path);
        }

        return path;
    }
}
