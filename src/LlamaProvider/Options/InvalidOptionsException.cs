using LlamaProvider.Decoding;

namespace LlamaProvider.Options;

/// <summary>Options with values that cannot be used. The message lists all of them.</summary>
public sealed class InvalidOptionsException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="optionsName">The type of the options.</param>
    /// <param name="errors">For each wrong value the value, the rule and the remedy.</param>
    public InvalidOptionsException(string optionsName, IReadOnlyList<string> errors)
        : base($"{optionsName}: {string.Join(" ", errors)}") => Errors = errors;

    /// <summary>For each wrong value the value, the rule and the remedy.</summary>
    public IReadOnlyList<string> Errors { get; }
}
