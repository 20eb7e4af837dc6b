namespace HostedService.Wire;

/// <summary>The log-probabilities of a completion's text, or of a chunk of it: four lists with an element for each token.</summary>
internal sealed class TextLogprobs
{
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>The natural logarithms of their probabilities by the model.</summary>
    public required IReadOnlyList<double> TokenLogprobs { get; init; }

    /// <summary>By text, the most probable tokens in each one's place, and the token itself.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, double>> TopLogprobs { get; init; }

    /// <summary>Where each begins in the text, in characters (code points) of the whole of it.</summary>
    public required IReadOnlyList<int> TextOffset { get; init; }
}
