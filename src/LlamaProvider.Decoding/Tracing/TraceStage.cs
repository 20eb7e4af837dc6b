namespace LlamaProvider.Decoding.Tracing;

/// <summary>What one sampler stage did to the candidates. Immutable.</summary>
public sealed record TraceStage
{
    /// <summary>The stage's name, as in the pipeline's JSON; of a custom stage its registered name.</summary>
    public required string Name { get; init; }

    /// <summary>How many candidates it removed.</summary>
    public required int Removed { get; init; }

    /// <summary>How many tokens it made candidates that were none; 0 for all stages but infill and custom ones.</summary>
    public required int Added { get; init; }

    /// <summary>The probability that the removed candidates had before the stage.</summary>
    public required double RemovedProbability { get; init; }

    /// <summary>The candidates after the stage. Their number is that before it, less <see cref="Removed"/>, plus <see cref="Added"/>.</summary>
    public required TraceDistribution After { get; init; }
}
