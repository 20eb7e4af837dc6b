using LlamaProvider.Decoding;

namespace LlamaProvider.Chat.Tools;

/// <summary>A tool cannot be offered to the model: two have its name, its name or schema has an error, or a keyword of the schema cannot be enforced. Nothing was generated.</summary>
public sealed class InvalidToolException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="message">The value, the rule and the remedy, with the JSON pointer where it is about a schema.</param>
    /// <param name="cause">What was found, if there is an error underneath.</param>
    public InvalidToolException(string tool, string message, Exception? cause = null)
        : base(message, cause) => Tool = tool;

    /// <summary>The tool's name.</summary>
    public string Tool { get; }
}
