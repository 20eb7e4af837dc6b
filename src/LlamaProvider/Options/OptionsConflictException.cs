using LlamaProvider.Decoding;

namespace LlamaProvider.Options;

/// <summary>Two options of a request exclude each other; nothing was generated.</summary>
public sealed class OptionsConflictException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="first">One option's name.</param>
    /// <param name="second">The other's.</param>
    /// <param name="message">The values, the rule and the remedy.</param>
    public OptionsConflictException(string first, string second, string message)
        : base(message)
    {
        First = first;
        Second = second;
    }

    /// <summary>One option's name.</summary>
    public string First { get; }

    /// <summary>The other option's name.</summary>
    public string Second { get; }
}
