namespace LlamaProvider.Decoding.Sampling;

/// <summary>A sampler pipeline cannot be used: a value is out of its range, a name is unknown, or its parts do not go together. Nothing was generated.</summary>
public sealed class InvalidSamplerException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="option">The option that is wrong, by the name it has in JSON (<c>top_p</c>) or on ChatOptions (<c>TopP</c>).</param>
    /// <param name="message">The value, the rule and the remedy.</param>
    /// <param name="innerException">The error underneath, if there is one.</param>
    public InvalidSamplerException(string option, string message, Exception? innerException = null)
        : base(message, innerException) => Option = option;

    /// <summary>The option that is wrong.</summary>
    public string Option { get; }
}
