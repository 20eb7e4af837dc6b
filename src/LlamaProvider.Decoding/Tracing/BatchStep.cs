namespace LlamaProvider.Decoding.Tracing;

/// <summary>The engine evaluated a batch with a part of this request. It comes after what was decided by its outputs. At <see cref="TraceLevel.Full"/> only.</summary>
public sealed record BatchStep : TraceStep
{
    internal const string TypeName = "batch";

    /// <summary>The engine's number of the step. Traces of requests that shared it have the same one.</summary>
    public required long EngineStep { get; init; }

    /// <summary>When the step began, in seconds on the engine's clock, whose zero is arbitrary but the same for all requests of an engine.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>Seconds that planning took: what is evaluated, with drafts and prefixes.</summary>
    public required double PlanSeconds { get; init; }

    /// <summary>Seconds that the model took.</summary>
    public required double EvaluateSeconds { get; init; }

    /// <summary>Seconds in which all requests of the step chose their tokens.</summary>
    public required double AdvanceSeconds { get; init; }

    /// <summary>Requests in the batch, this one included.</summary>
    public required int Requests { get; init; }

    /// <summary>Tokens in the batch.</summary>
    public required int Tokens { get; init; }

    /// <summary>Tokens in the batch that are this request's.</summary>
    public required int OwnTokens { get; init; }

    /// <summary>Whether it completed what the request wanted, so that something was decided; false for a part of a prompt.</summary>
    public required bool IsComplete { get; init; }
}
