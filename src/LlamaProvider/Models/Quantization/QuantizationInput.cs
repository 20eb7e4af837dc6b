using LlamaProvider.Models.Gguf;

namespace LlamaProvider.Models.Quantization;

/// <summary>What managed code knows of a model that is to be quantized. It has passed the rules that hold before loading.</summary>
internal sealed class QuantizationInput
{
    private readonly Dictionary<string, GgufTensor> _tensors;

    private QuantizationInput(IReadOnlyList<GgufFile> shards)
    {
        Paths = [.. shards.Select(shard => Path.GetFullPath(shard.Path))];
        Bytes = shards.Sum(shard => shard.Length);
        MetadataBytes = shards[0].DataOffset;
        _tensors = shards.SelectMany(shard => shard.Tensors).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        TensorBytes = _tensors.Values.Sum(tensor => tensor.Bytes);
        Elements = _tensors.Values.Sum(tensor => tensor.Elements);
    }

    /// <summary>The files, the first shard first.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Bytes of all files.</summary>
    public long Bytes { get; }

    /// <summary>Bytes of the first file before its tensors, which the output has too.</summary>
    public long MetadataBytes { get; }

    public long TensorBytes { get; }

    public long Elements { get; }

    public int TensorCount => _tensors.Count;

    /// <exception cref="ModelLoadException">The file is missing, damaged, or no model.</exception>
    public static QuantizationInput Read(string path)
    {
        GgufValidator.Validate(path);
        using GgufFile file = GgufFile.Open(path);
        using GgufShards shards = GgufShards.Open(file);
        return new QuantizationInput(shards.Files);
    }

    public GgufTensor? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>A tensor whose weights are quantized already.</summary>
    public GgufTensor? FindQuantized() => _tensors.Values.FirstOrDefault(tensor => tensor.Type.IsQuantized);
}
