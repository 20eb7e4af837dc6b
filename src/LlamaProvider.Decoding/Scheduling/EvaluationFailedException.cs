namespace LlamaProvider.Decoding.Scheduling;

/// <summary>The back end failed to evaluate a batch that held a part of this request.</summary>
public sealed class EvaluationFailedException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The value, the rule and the remedy.</param>
    /// <param name="innerException">The error underneath, if there is one.</param>
    public EvaluationFailedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
