namespace LlamaProvider.Decoding.Sampling.Ranking;

/// <summary>A token that may follow a sequence.</summary>
/// <param name="Token">The token.</param>
/// <param name="LogProbability">The logarithm of the probability that the model gives it.</param>
/// <param name="Score">The same after penalties and stages.</param>
/// <param name="Key">By which it is ranked: <see cref="Score"/>, or that with noise when it was drawn.</param>
internal readonly record struct RankedToken(int Token, double LogProbability, double Score, double Key);

/// <summary>Something that lowers a token's score before any stage sees it.</summary>
/// <param name="Token">The token.</param>
/// <param name="Amount">What is taken from its score.</param>
internal readonly record struct TokenPenalty(int Token, float Amount);

/// <summary>One of the most probable tokens that may follow a sequence.</summary>
/// <param name="Token">The token.</param>
/// <param name="Probability">Its share of what constraint and stages have left.</param>
internal readonly record struct ProbableToken(int Token, double Probability);
