namespace LlamaProvider.Decoding.Tracing;

/// <summary>A token that could have been chosen.</summary>
/// <param name="Token">The token.</param>
/// <param name="Text">Its text, as of <see cref="TraceToken"/>.</param>
/// <param name="Probability">Its share of the candidates that it stands among. Range: 0 to 1.</param>
public readonly record struct TraceCandidate(int Token, string Text, double Probability);
