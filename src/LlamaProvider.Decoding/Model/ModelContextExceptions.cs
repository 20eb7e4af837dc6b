namespace LlamaProvider.Decoding.Model;

/// <summary>A context could not be created with the options given.</summary>
public sealed class ContextCreationException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The value, the rule and the remedy.</param>
    /// <param name="innerException">The error underneath, if there is one.</param>
    public ContextCreationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>A call on a context that breaks its contract, refused before any work.</summary>
public sealed class ModelContextException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The value, the rule and the remedy.</param>
    /// <param name="innerException">The error underneath, if there is one.</param>
    public ModelContextException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
