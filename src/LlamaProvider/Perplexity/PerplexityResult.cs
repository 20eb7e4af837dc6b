namespace LlamaProvider.Perplexity;

/// <summary>How well a model expects a text: e to the mean loss of its tokens. As unsure as if it chose among so many tokens at each place; lower is better.</summary>
public sealed record PerplexityResult
{
    /// <summary>e to the power of <see cref="MeanLoss"/>. Range: 1 and more.</summary>
    public required double Perplexity { get; init; }

    /// <summary>One standard error of <see cref="Perplexity"/>, from the spread of the tokens' losses as if they were independent. 0 and more.</summary>
    public required double Uncertainty { get; init; }

    /// <summary>The mean of −ln p over the scored tokens, in nats.</summary>
    public required double MeanLoss { get; init; }

    /// <summary>Tokens that were scored.</summary>
    public required int ScoredTokens { get; init; }

    /// <summary>Tokens of the text, the beginning-of-text token included where the model has one. Those after the last whole window were left out.</summary>
    public required int TextTokens { get; init; }

    /// <summary>Each window, in the text's order.</summary>
    public required IReadOnlyList<PerplexityWindow> Windows { get; init; }
}

/// <summary>One window of a perplexity.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Perplexity">e to the mean loss of its scored tokens.</param>
/// <param name="ScoredTokens">How many those are.</param>
public readonly record struct PerplexityWindow(int Index, double Perplexity, int ScoredTokens);

/// <summary>How far a measurement is.</summary>
/// <param name="Done">Windows that are scored.</param>
/// <param name="Count">Windows to score.</param>
/// <param name="Perplexity">The perplexity over those that are scored.</param>
public readonly record struct PerplexityProgress(int Done, int Count, double Perplexity);
