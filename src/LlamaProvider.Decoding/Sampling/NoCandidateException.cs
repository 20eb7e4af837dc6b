namespace LlamaProvider.Decoding.Sampling;

/// <summary>No token could be chosen: the model gave no finite logit, or a stage of the sampler pipeline removed every candidate.</summary>
public sealed class NoCandidateException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The value, the rule and the remedy.</param>
    /// <param name="stage">The stage that left no candidate; <see langword="null"/> when the model gave none.</param>
    /// <param name="innerException">The error underneath, if there is one.</param>
    public NoCandidateException(string message, string? stage = null, Exception? innerException = null)
        : base(message, innerException) => Stage = stage;

    /// <summary>The stage that left no candidate; <see langword="null"/> when the model gave none.</summary>
    public string? Stage { get; }
}
