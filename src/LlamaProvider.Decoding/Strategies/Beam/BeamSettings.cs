namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>How a beam search is done, checked.</summary>
internal sealed record BeamSettings
{
    /// <summary>How many texts are kept in all.</summary>
    public required int Width { get; init; }

    /// <summary>In how many groups; 1 for a plain search. It divides <see cref="Width"/>.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>What a token loses for each time that earlier groups have chosen it in the same step.</summary>
    public float DiversityPenalty { get; init; }

    /// <summary>How many texts are returned, at most <see cref="Width"/>.</summary>
    public required int Results { get; init; }

    /// <summary>The power of the length by which a text's log-probability is divided.</summary>
    public double LengthPenalty { get; init; } = 1;

    public BeamStopping Stopping { get; init; }

    /// <summary>The most tokens of a text, the one that ends it included; <see langword="null"/> for no limit but the context's.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>The most tokens that a text can have.</summary>
    public required int LongestText { get; init; }

    /// <summary>Seed of the draws, when beams are drawn; <see langword="null"/> when the best go on.</summary>
    public ulong? Seed { get; init; }

    /// <summary>How many texts a group keeps.</summary>
    public int GroupWidth => Width / Groups;

    /// <summary>The score of a text.</summary>
    /// <param name="sum">The sum of its tokens' scores.</param>
    /// <param name="length">Its tokens, the one that ends it included.</param>
    public double Score(double sum, int length) => sum / Math.Pow(length, LengthPenalty);
}
