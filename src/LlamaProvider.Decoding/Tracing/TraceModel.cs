namespace LlamaProvider.Decoding.Tracing;

/// <summary>The model that wrote an answer. Immutable.</summary>
public sealed record TraceModel
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Tells models apart: of a file, a hash of its metadata, tensor table and samples of its weights; of a model that was given to the engine, a hash of its vocabulary.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>What evaluated it, with version and what decides how it rounds.</summary>
    public required string Backend { get; init; }
}
