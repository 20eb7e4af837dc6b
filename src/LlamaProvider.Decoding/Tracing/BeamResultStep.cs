namespace LlamaProvider.Decoding.Tracing;

/// <summary>A beam search has ended: the leaves of the tree that are its results.</summary>
public sealed record BeamResultStep : TraceStep
{
    internal const string TypeName = "beam_result";

    /// <summary>The results, best first; the first one is the answer.</summary>
    public required IReadOnlyList<BeamLeaf> Leaves { get; init; }
}

/// <summary>A text that a beam search has found.</summary>
/// <param name="Node">The node that it ends with.</param>
/// <param name="Score">Its score: the sum over the power of the length.</param>
public readonly record struct BeamLeaf(int Node, double Score);
