namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>A text that a beam search has found.</summary>
/// <param name="Tokens">Its tokens, without the one that ends it.</param>
/// <param name="LogProbabilities">What the model gives each of them, and the end where it was chosen.</param>
/// <param name="Score">The sum of the tokens' scores over the power of the length.</param>
/// <param name="End">How it ended.</param>
internal sealed record BeamHypothesis(int[] Tokens, double[] LogProbabilities, double Score, GenerationEnd End)
{
    /// <summary>The number of its last node in the trace; 0 when nothing is traced.</summary>
    public int Node { get; init; }
}
