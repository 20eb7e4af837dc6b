namespace LlamaProvider.Decoding.Constraints.Regex;

/// <summary>A regular expression is malformed, or asks for something that no regular language has, such as a back-reference.</summary>
public sealed class RegexSyntaxException : LlamaException
{
    private const int ShownCharacters = 100;

    /// <summary>Creates the error.</summary>
    /// <param name="pattern">The whole regular expression.</param>
    /// <param name="position">Where the trouble begins, in UTF-16 units from the start.</param>
    /// <param name="problem">What is there, and the rule that it breaks.</param>
    /// <param name="remedy">What to write instead.</param>
    public RegexSyntaxException(string pattern, int position, string problem, string remedy)
        : base($"The regular expression '{Shorten(pattern)}' cannot be used, at character {position}: {problem} {remedy}")
    {
        Pattern = pattern;
        Position = position;
    }

    /// <summary>The whole regular expression.</summary>
    public string Pattern { get; }

    /// <summary>Where the trouble begins, in UTF-16 units from the start of <see cref="Pattern"/>.</summary>
    public int Position { get; }

    private static string Shorten(string pattern) => pattern.Length <= ShownCharacters ? pattern : pattern[..ShownCharacters] + "…";
}
