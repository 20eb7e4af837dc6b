namespace LlamaProvider.Decoding.Sampling;

/// <summary>Chooses the next token of one sequence. Holds that sequence's state, so it is used by one request only.</summary>
internal interface ITokenSelector
{
    /// <summary>Chooses a token.</summary>
    /// <param name="logits">The logits of all tokens. Values that are not finite are never chosen.</param>
    /// <returns>The token.</returns>
    /// <exception cref="NoCandidateException">No logit is finite.</exception>
    int Select(ReadOnlySpan<float> logits);
}
