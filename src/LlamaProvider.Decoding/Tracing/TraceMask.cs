namespace LlamaProvider.Decoding.Tracing;

/// <summary>What a constraint left of the vocabulary before a token was chosen. Immutable.</summary>
public sealed record TraceMask
{
    /// <summary>The option that asked for the constraint, as errors name it.</summary>
    public required string Constraint { get; init; }

    /// <summary>How many tokens were legal.</summary>
    public required int Allowed { get; init; }

    /// <summary>The probability that the model gave all legal tokens together.</summary>
    public required double AllowedProbability { get; init; }

    /// <summary>The natural logarithm of the chosen token's share of <see cref="AllowedProbability"/>: how probable it was among what was legal, before any sampler.</summary>
    public required double LogProbability { get; init; }

    /// <summary>The model's favourite with the probability that the model gave it, where the constraint forbade it; <see langword="null"/> where it was legal.</summary>
    public TraceCandidate? ForbiddenFavourite { get; init; }

    /// <summary>The legal tokens, before any sampler stage; <see langword="null"/> below <see cref="TraceLevel.Stages"/>.</summary>
    public TraceDistribution? After { get; init; }

    /// <summary>Whether there was no choice: one token was legal, and it was taken whatever the samplers say.</summary>
    public bool IsForced => Allowed == 1;
}
