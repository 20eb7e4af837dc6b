namespace LlamaProvider;

/// <summary>How an engine stands at a moment. The numbers may belong to two neighbouring steps.</summary>
public sealed record EngineSnapshot
{
    /// <summary>Whether the engine takes requests: not disposed, and not ended by a defect.</summary>
    public required bool IsRunning { get; init; }

    /// <summary>The defect that ended the engine, if one did.</summary>
    public Exception? Fault { get; init; }

    /// <summary>Requests that are evaluated.</summary>
    public required int RunningRequests { get; init; }

    /// <summary>Requests that wait for sequences or cells.</summary>
    public required int WaitingRequests { get; init; }

    /// <summary>The most requests held at once, <see cref="LlamaEngineOptions.QueueLimit"/>.</summary>
    public required int QueueLimit { get; init; }

    /// <summary>Cells of the context that hold a token, kept prefixes included.</summary>
    public required int UsedCells { get; init; }

    /// <summary>Cells of the context.</summary>
    public required int Cells { get; init; }

    /// <summary>Prompts and answers kept of ended requests.</summary>
    public required int KeptPrefixes { get; init; }

    /// <summary>Prefixes in host memory, for which the context had no room (<see cref="LlamaEngineOptions.PrefixSpillBytes"/>).</summary>
    public required int SpilledPrefixes { get; init; }

    /// <summary>Bytes of the prefixes in host memory.</summary>
    public required long SpilledBytes { get; init; }

    /// <summary>How often a prefix was copied back from host memory, since the start.</summary>
    public required long RestoredPrefixes { get; init; }

    /// <summary>How often a request gave up its cells to be computed again, since the start.</summary>
    public required long Preemptions { get; init; }
}
