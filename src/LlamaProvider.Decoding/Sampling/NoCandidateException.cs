namespace LlamaProvider.Decoding.Sampling;

/// <summary>No token could be chosen, because no logit was finite.</summary>
public sealed class NoCandidateException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The value, the rule and the remedy.</param>
    /// <param name="innerException">The error underneath, if there is one.</param>
    public NoCandidateException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
