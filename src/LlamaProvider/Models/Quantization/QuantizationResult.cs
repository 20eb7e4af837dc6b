namespace LlamaProvider.Models.Quantization;

/// <summary>How far a quantization is. Tensors differ in size by orders of magnitude, so <see cref="Share"/> counts bytes.</summary>
/// <param name="Tensor">The tensor that is being converted.</param>
/// <param name="Done">Tensors that are written.</param>
/// <param name="Count">Tensors of the model.</param>
/// <param name="Share">The share of the input's bytes that is written, from 0 to 1.</param>
public readonly record struct QuantizationProgress(string Tensor, int Done, int Count, float Share);

/// <summary>What a quantization has written.</summary>
public sealed record QuantizationResult
{
    /// <summary>The file that was written.</summary>
    public required string Path { get; init; }

    /// <summary>Its type.</summary>
    public required QuantizationType Type { get; init; }

    /// <summary>Bytes of the input, all shards together.</summary>
    public required long InputBytes { get; init; }

    /// <summary>Bytes of the output.</summary>
    public required long OutputBytes { get; init; }

    /// <summary>Bits that a weight of the output takes on average, over all tensors.</summary>
    public required double BitsPerWeight { get; init; }

    /// <summary>Tensors whose rows are no multiple of the type's block, so that they were written in a larger one. Many of them make another type the better choice.</summary>
    public required int FallbackTensors { get; init; }
}
