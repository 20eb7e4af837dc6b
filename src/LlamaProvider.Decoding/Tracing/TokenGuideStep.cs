namespace LlamaProvider.Decoding.Tracing;

/// <summary>A token guide weighed the most probable tokens, from which one is chosen then.</summary>
public sealed record TokenGuideStep : TraceStep
{
    internal const string TypeName = "token_guide";

    /// <summary>The guide's name.</summary>
    public required string Guide { get; init; }

    /// <summary>How much it counts.</summary>
    public required double Strength { get; init; }

    /// <summary>What it weighed, in ascending order of tokens.</summary>
    public required IReadOnlyList<WeighedToken> Tokens { get; init; }
}

/// <summary>A token that a guide weighed.</summary>
/// <param name="Token">The token.</param>
/// <param name="Text">Its text, as of <see cref="TraceToken"/>.</param>
/// <param name="Probability">Its probability among the weighed ones before.</param>
/// <param name="Weight">What the guide gave it, a natural logarithm; negative infinity forbids it.</param>
/// <param name="Weighed">Its probability among them afterwards.</param>
public readonly record struct WeighedToken(int Token, string Text, double Probability, double Weight, double Weighed);
