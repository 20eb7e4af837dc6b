namespace LlamaProvider.Decoding.Constraints;

/// <summary>A constraint left no token to go on with. What was generated before is legal and stays.</summary>
public sealed class ConstraintInfeasibleException : LlamaException
{
    private const int ShownCharacters = 100;

    /// <summary>Creates the error.</summary>
    /// <param name="constraint">The option that asked for the constraint.</param>
    /// <param name="text">The answer so far.</param>
    /// <param name="problem">What is there, the rule that it breaks, and the remedy.</param>
    public ConstraintInfeasibleException(string constraint, string text, string problem)
        : base($"{constraint} cannot go on after '{Shorten(text)}': {problem}")
    {
        Constraint = constraint;
        Text = text;
    }

    /// <summary>The option that asked for the constraint.</summary>
    public string Constraint { get; }

    /// <summary>The answer so far, all of it. A stream has yielded it already, but for what may have been the beginning of a stop sequence or of a character.</summary>
    public string Text { get; }

    private static string Shorten(string text) => text.Length <= ShownCharacters ? text : "…" + text[^ShownCharacters..];
}
