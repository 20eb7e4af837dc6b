namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>A way in which a text may go on.</summary>
/// <param name="Parent">The index of the live text in its group.</param>
/// <param name="Token">The token that follows.</param>
/// <param name="IsEnd">Whether the model ends the text with it.</param>
/// <param name="LogProbability">What the model gives the token.</param>
/// <param name="Score">The sum of the tokens' scores with it.</param>
/// <param name="Key">By which it is ranked among others.</param>
internal readonly record struct BeamCandidate(int Parent, int Token, bool IsEnd, double LogProbability, double Score, double Key)
{
    /// <summary>Its number in the trace; 0 when nothing is traced.</summary>
    public int Node { get; init; }

    /// <summary>The better first; of equal ones the earlier text, then the lower token.</summary>
    public static Comparison<BeamCandidate> ByKey { get; } = static (a, b) => Compare(a, b, b.Key.CompareTo(a.Key));

    /// <inheritdoc cref="ByKey"/>
    public static Comparison<BeamCandidate> ByScore { get; } = static (a, b) => Compare(a, b, b.Score.CompareTo(a.Score));

    private static int Compare(in BeamCandidate a, in BeamCandidate b, int order) =>
        order != 0 ? order : a.Parent != b.Parent ? a.Parent.CompareTo(b.Parent) : a.Token.CompareTo(b.Token);
}
