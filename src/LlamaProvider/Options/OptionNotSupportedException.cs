using LlamaProvider.Decoding;

namespace LlamaProvider.Options;

/// <summary>A request asks for something that this model or this version cannot do; nothing was generated.</summary>
public sealed class OptionNotSupportedException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="option">The option's name.</param>
    /// <param name="message">The value, the rule and the remedy.</param>
    public OptionNotSupportedException(string option, string message)
        : base(message) => Option = option;

    /// <summary>The option's name.</summary>
    public string Option { get; }
}
