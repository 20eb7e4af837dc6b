namespace LlamaProvider.Decoding.Constraints;

/// <summary>A condition on the text cannot be used: a value is out of its range, or no text meets all conditions. Nothing was generated.</summary>
public sealed class InvalidConstraintException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="option">The option that is wrong: <c>MaxWords</c>.</param>
    /// <param name="message">The value, the rule and the remedy.</param>
    public InvalidConstraintException(string option, string message)
        : base(message) => Option = option;

    /// <summary>Creates the error from another.</summary>
    /// <param name="option">The option that is wrong.</param>
    /// <param name="message">The value, the rule and the remedy.</param>
    /// <param name="cause">What was found.</param>
    public InvalidConstraintException(string option, string message, Exception cause)
        : base(message, cause) => Option = option;

    /// <summary>The option that is wrong.</summary>
    public string Option { get; }
}
