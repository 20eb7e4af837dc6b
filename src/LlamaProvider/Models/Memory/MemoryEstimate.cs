namespace LlamaProvider.Models.Memory;

/// <summary>What an engine's memory will be, from the model file and the engine's options. On a GPU, layers take their share of it there.</summary>
public sealed record MemoryEstimate
{
    /// <summary>Bytes of the weights.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Bytes of the keys and values of all cells.</summary>
    public required long KeyValueBytes { get; init; }

    /// <summary>Bytes of the rows of logits that one step may have.</summary>
    public required long OutputBytes { get; init; }

    /// <summary>Bytes of what one step computes on its way.</summary>
    public required long ComputeBytes { get; init; }

    /// <summary>
    /// Whether everything that the file tells of is counted. Recurrent states, and latent attention, which holds keys and values in a form of the architecture's own, are not: then this is less, or more, than
    /// will be used.
    /// </summary>
    public required bool IsComplete { get; init; }

    /// <summary>All bytes together.</summary>
    public long TotalBytes => WeightBytes + KeyValueBytes + OutputBytes + ComputeBytes;
}
