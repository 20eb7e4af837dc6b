namespace LlamaProvider.Decoding.Constraints;

/// <summary>A constraint would take more work or memory than <see cref="ConstraintLimits"/> allows.</summary>
public sealed class ConstraintTooComplexException : LlamaException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which limit was met, and what to do.</param>
    public ConstraintTooComplexException(string message)
        : base(message)
    {
    }
}
