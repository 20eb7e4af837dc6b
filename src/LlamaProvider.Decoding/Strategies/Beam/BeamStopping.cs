namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>When a beam search ends, once it has as many finished texts as it is wide.</summary>
public enum BeamStopping
{
    /// <summary>
    /// When no live beam, as long as it is now, has a better score than the worst finished text. Transformers' <c>early_stopping=False</c>. With a positive length penalty a
    /// longer text could still become better; <see cref="Exhaustive"/> waits for it.
    /// </summary>
    Heuristic,

    /// <summary>At once. Transformers' <c>early_stopping=True</c>.</summary>
    Early,

    /// <summary>When no live beam can have a better score than the worst finished text at any length that it may reach. Transformers' <c>early_stopping="never"</c>.</summary>
    Exhaustive,
}
