namespace LlamaProvider.Decoding.Tracing;

/// <summary>Contrastive search chose a token: the highest (1 − α) · probability − α · similarity.</summary>
public sealed record ContrastiveStep : TraceStep
{
    internal const string TypeName = "contrastive";

    /// <summary>α: how much repetition weighs against probability.</summary>
    public required double Alpha { get; init; }

    /// <summary>The tokens that were compared, in ascending order of tokens.</summary>
    public required IReadOnlyList<ContrastiveCandidate> Candidates { get; init; }

    /// <summary>The index of the chosen one in <see cref="Candidates"/>.</summary>
    public required int Chosen { get; init; }

    /// <summary>Whether it ends the answer, of which it is no part.</summary>
    public required bool IsEnd { get; init; }
}

/// <summary>A token that contrastive search compared.</summary>
/// <param name="Token">The token.</param>
/// <param name="Text">Its text, as of <see cref="TraceToken"/>.</param>
/// <param name="Probability">Its probability after constraint and stages.</param>
/// <param name="Similarity">The largest cosine between its hidden state and those of the text so far, the prompt included.</param>
/// <param name="Score">By which it is chosen.</param>
public readonly record struct ContrastiveCandidate(int Token, string Text, double Probability, double Similarity, double Score);
