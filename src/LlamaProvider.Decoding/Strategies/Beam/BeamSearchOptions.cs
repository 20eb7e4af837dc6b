namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>Beam search: keeps several texts and lets the most probable ones go on. Immutable, compared by value.</summary>
/// <remarks>The rules are those of transformers' <c>generate</c> with <c>num_beams</c>. See docs/search.md.</remarks>
public sealed record BeamSearchOptions
{
    /// <summary>How many texts are kept. Default: 4. Range: 1 to the engine's sequences.</summary>
    public int Width { get; init; } = 4;

    /// <summary>How many texts the response has beside its own. Default: <see cref="Width"/>. Range: 1 to <see cref="Width"/>.</summary>
    public int? Results { get; init; }

    /// <summary>
    /// The power of a text's length by which its log-probability is divided. Default: 1, the average of its tokens. Range: finite. 0 is the probability of the text; above 0 prefers
    /// long texts, below 0 short ones.
    /// </summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>When the search ends. Default: <see cref="BeamStopping.Heuristic"/>.</summary>
    public BeamStopping Stopping { get; init; }

    /// <summary>
    /// Whether the texts that go on are drawn by their probabilities, after the samplers of the request, instead of being the most probable ones. Default: <see langword="false"/>.
    /// </summary>
    public bool Sample { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public void Validate() => BeamRange.Check(Width, Results, LengthPenalty, Stopping);

    internal BeamSettings ToSettings(int? maxTokens, int longestText, ulong seed) => new()
    {
        Width = Width,
        Results = Results ?? Width,
        LengthPenalty = LengthPenalty,
        Stopping = Stopping,
        MaxTokens = maxTokens,
        LongestText = longestText,
        Seed = Sample ? seed : null,
    };
}
