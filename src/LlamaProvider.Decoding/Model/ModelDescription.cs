namespace LlamaProvider.Decoding.Model;

/// <summary>Name, size and shape of a model.</summary>
public sealed record ModelDescription
{
    /// <summary>The name that the model file gives itself, or its file name.</summary>
    public required string Name { get; init; }

    /// <summary>The architecture as the file names it (<c>llama</c>, <c>qwen3</c> …).</summary>
    public required string Architecture { get; init; }

    /// <summary>Number of weights.</summary>
    public long ParameterCount { get; init; }

    /// <summary>Bytes of all tensors.</summary>
    public long ByteCount { get; init; }

    /// <summary>Tokens of context that the model was trained with; 0 when the file does not say.</summary>
    public int TrainedContextLength { get; init; }

    /// <summary>Values in a hidden state.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Number of layers.</summary>
    public int LayerCount { get; init; }
}
