namespace LlamaProvider.Decoding.Tracing;

/// <summary>A sampler chose a token.</summary>
public sealed record TokenStep : TraceStep
{
    internal const string TypeName = "token";

    /// <summary>The token.</summary>
    public required TraceToken Token { get; init; }

    /// <summary>Whether it ends the answer, of which it is no part.</summary>
    public required bool IsEnd { get; init; }

    /// <summary>Of best-of-n: the number of the answer that it belongs to, from 0; <see langword="null"/> when one is generated.</summary>
    public int? Draw { get; init; }

    /// <summary>
    /// Its probability in <see cref="Final"/>. A token that replaced a rejected draft may have been drawn from another distribution, but over all drafts it is distributed as this one says.
    /// </summary>
    public required double Probability { get; init; }

    /// <summary>Its rank in <see cref="Final"/>, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>The natural logarithm of the probability that the model itself gave it, before constraint and samplers; under guidance, the guided model.</summary>
    public required double LogProbability { get; init; }

    /// <summary>Its rank by the model itself, from 1.</summary>
    public required int ModelRank { get; init; }

    /// <summary>What it was chosen from: the candidates after constraint, stages and selector, which are also its alternatives.</summary>
    public required TraceDistribution Final { get; init; }

    /// <summary>What the constraint left; <see langword="null"/> without one.</summary>
    public TraceMask? Mask { get; init; }

    /// <summary>The whole vocabulary as the model saw it; <see langword="null"/> below <see cref="TraceLevel.Stages"/>.</summary>
    public TraceDistribution? Model { get; init; }

    /// <summary>The stages in the order in which they ran, the selector last; <see langword="null"/> below <see cref="TraceLevel.Stages"/>. Empty where one token was legal, since none ran.</summary>
    public IReadOnlyList<TraceStage>? Stages { get; init; }
}
