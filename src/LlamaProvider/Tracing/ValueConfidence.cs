namespace LlamaProvider.Tracing;

/// <summary>How certain the model was of a value of a JSON answer.</summary>
/// <remarks>
/// The probability of a value is the product of its tokens' shares of what the schema allowed at each of them, by the model itself, whatever the samplers drew from. Every allowed token leads to some allowed
/// value, so the probabilities of all values that the schema allows at a place add up to 1, but for those that can be spelled in several ways, of which this is one. A token that also holds a part of what stands around the value counts for it.
/// </remarks>
/// <param name="Pointer">The JSON pointer of the value; empty for the whole answer.</param>
/// <param name="Json">The value as it stands in the answer.</param>
/// <param name="LogProbability">The natural logarithm of its probability among what the schema allowed. 0 where nothing else was allowed.</param>
/// <param name="Alternative">The strongest other way at any of its tokens; <see langword="null"/> where there was none.</param>
public sealed record ValueConfidence(string Pointer, string Json, double LogProbability, ValueAlternative? Alternative)
{
    /// <summary>The probability. Range: 0 to 1.</summary>
    public double Probability => Math.Exp(LogProbability);
}

/// <summary>A way in which a value could have gone on.</summary>
/// <param name="Beginning">The value's text up to there, and the token that could have followed.</param>
/// <param name="Probability">The token's share of what the schema allowed there. Range: 0 to 1.</param>
public sealed record ValueAlternative(string Beginning, double Probability);
