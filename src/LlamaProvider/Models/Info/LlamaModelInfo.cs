using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Strategies.Speculative.DraftModel;
using LlamaProvider.Models.Gguf;
using LlamaProvider.Models.Memory;
using LlamaProvider.Models.Quantization;

namespace LlamaProvider.Models.Info;

/// <summary>What a model file says about itself, read in managed code without llama.cpp and without the weights.</summary>
/// <remarks>A file that can be read here passes the rules that hold before loading. Immutable, and safe for concurrent use; nothing stays open.</remarks>
public sealed class LlamaModelInfo
{
    private readonly FileVocabulary _vocabulary;
    private readonly ModelShape _shape;
    private readonly ModelTraits _traits;

    private LlamaModelInfo(GgufFile file, IReadOnlyList<GgufFile> shards)
    {
        _shape = ModelShape.Read(file);
        _traits = ModelTraits.Read(file, shards);
        _vocabulary = FileVocabulary.Read(file);
        Files = [.. shards.Select(shard => shard.Path)];
        FileBytes = shards.Sum(shard => shard.Length);
        Tensors = [.. shards.SelectMany(shard => shard.Tensors).Select(tensor =>
            new LlamaTensorInfo(tensor.Name, [.. tensor.Dimensions.Select(size => (long)size)], tensor.Type.Name, tensor.Elements, tensor.Bytes))];
        Metadata = MetadataText.Read(file);
        Architecture = file.GetText("general.architecture")!;
        Name = file.GetText("general.name");
        SizeLabel = file.GetText("general.size_label");
        License = file.GetText("general.license");
        ChatTemplate = file.GetText("tokenizer.chat_template");
        FileType = file.Metadata.GetValueOrDefault("general.file_type").AsUInt32() is { } number ? QuantizationType.Find((int)number) : null;
        Pooling = Metadata.GetValueOrDefault($"{Architecture}.pooling_type") is { } pooling ? PoolingName(pooling) : null;
    }

    /// <summary>The file; of a split model all shards, the first one first.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Bytes of all files.</summary>
    public long FileBytes { get; }

    /// <summary>The architecture, for example <c>llama</c>.</summary>
    public string Architecture { get; }

    /// <summary>The model's name; <see langword="null"/> when the file gives none.</summary>
    public string? Name { get; }

    /// <summary>How large the model calls itself, for example <c>135M</c>; <see langword="null"/> when it does not say.</summary>
    public string? SizeLabel { get; }

    /// <summary>The licence of the weights, usually an SPDX identifier; <see langword="null"/> when the file does not say.</summary>
    public string? License { get; }

    /// <summary>How the weights are stored; <see langword="null"/> when the file does not say, or in a way that llama.cpp v0.5.0 does not know.</summary>
    public QuantizationType? FileType { get; }

    /// <summary>Number of weights.</summary>
    public long ParameterCount => Tensors.Sum(tensor => tensor.Elements);

    /// <summary>Bytes of all tensors.</summary>
    public long TensorBytes => Tensors.Sum(tensor => tensor.Bytes);

    /// <summary>Bits that a weight takes on average.</summary>
    public double BitsPerWeight => 8.0 * TensorBytes / ParameterCount;

    /// <summary>Tokens of context that the model was trained with.</summary>
    public int ContextLength => _shape.ContextLength;

    /// <summary>Values in a hidden state.</summary>
    public int HiddenSize => _shape.Width;

    /// <summary>Number of layers.</summary>
    public int LayerCount => _shape.Layers;

    /// <summary>Number of tokens.</summary>
    public int VocabularySize => _shape.Vocabulary;

    /// <summary>The model's own chat template; <see langword="null"/> when it has none.</summary>
    public string? ChatTemplate { get; }

    /// <summary>How embeddings are pooled: <c>none</c>, <c>mean</c>, <c>cls</c>, <c>last</c> or <c>rank</c>; <see langword="null"/> when the file does not say, as chat models do.</summary>
    public string? Pooling { get; }

    /// <summary>Every tensor, in file order.</summary>
    public IReadOnlyList<LlamaTensorInfo> Tensors { get; }

    /// <summary>Every key in file order, with its value as text. Of arrays, short ones of numbers are written out, and others say their length and type.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a model file.</summary>
    /// <param name="path">The GGUF file; of a split model the first shard.</param>
    /// <exception cref="ModelLoadException">The file is missing, damaged, or not a model that can be loaded.</exception>
    public static LlamaModelInfo Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        GgufValidator.Validate(path);
        using GgufFile file = GgufFile.Open(path);
        using GgufShards shards = GgufShards.Open(file);
        return new LlamaModelInfo(file, shards.Files);
    }

    /// <summary>Estimates the memory that an engine with this model takes, before it is loaded.</summary>
    /// <param name="options">The engine's options; those of loading have no meaning here. Defaults when <see langword="null"/>.</param>
    /// <exception cref="Options.InvalidOptionsException">An option is out of its range; the message lists all such options.</exception>
    public MemoryEstimate EstimateMemory(LlamaEngineOptions? options = null)
    {
        options ??= new LlamaEngineOptions();
        options.Validate(requireModelPath: false);
        return MemoryFormula.Estimate(
            _shape,
            TensorBytes,
            options.ToContextOptions(_shape.ContextLength, new ModelCapabilities { CanTrim = !_shape.HasRecurrentState, EvaluatesWholeTexts = _traits.EvaluatesWholeTexts }),
            _traits.EvaluatesWholeTexts);
    }

    /// <summary>Says whether a model could draft for this one, which takes the same tokens.</summary>
    /// <param name="draft">The smaller model.</param>
    /// <returns>The first difference between their vocabularies; <see langword="null"/> when there is none, so that it can draft.</returns>
    public string? FindVocabularyDifference(LlamaModelInfo draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return _vocabulary.Tokenizer != draft._vocabulary.Tokenizer
            ? $"the tokenizer is {draft._vocabulary.Tokenizer} instead of {_vocabulary.Tokenizer}"
            : DraftVocabulary.FindDifference(_vocabulary.Tokens, draft._vocabulary.Tokens);
    }

    private static string PoolingName(string number) => number switch
    {
        "0" => "none",
        "1" => "mean",
        "2" => "cls",
        "3" => "last",
        "4" => "rank",
        _ => number,
    };
}
