namespace LlamaProvider.Decoding.Tracing;

/// <summary>What a token would have been drawn from at one point of its choice: the softmax of the candidates that were left. Immutable.</summary>
public sealed record TraceDistribution
{
    /// <summary>How many candidates there are.</summary>
    public required int Candidates { get; init; }

    /// <summary>The entropy in nats: 0 where one candidate has the whole probability, ln n where n are equally probable.</summary>
    public required double Entropy { get; init; }

    /// <summary>The most probable candidates, best first; of equal ones the lowest token. As many as the trace's <see cref="AnswerTrace.Top"/> at most.</summary>
    public required IReadOnlyList<TraceCandidate> Top { get; init; }

    /// <summary>The probability of all candidates that are not in <see cref="Top"/> together.</summary>
    public required double Rest { get; init; }
}
