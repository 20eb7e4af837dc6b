namespace LlamaProvider.Decoding;

/// <summary>
/// The root of every error that this library raises on purpose. A message states the value, the rule and the remedy;
/// a derived type names the cause.
/// </summary>
public abstract class LlamaException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The value that was wrong, the rule it breaks and what to do about it.</param>
    /// <param name="innerException">The error underneath, if there is one.</param>
    protected LlamaException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
