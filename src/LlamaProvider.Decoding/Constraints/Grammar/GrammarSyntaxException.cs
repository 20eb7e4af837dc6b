namespace LlamaProvider.Decoding.Constraints.Grammar;

/// <summary>A GBNF grammar is malformed, or says something that no text can satisfy.</summary>
public sealed class GrammarSyntaxException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="line">The line where the trouble begins, from 1.</param>
    /// <param name="column">The column where the trouble begins, in UTF-16 units from 1.</param>
    /// <param name="problem">What is there, and the rule that it breaks.</param>
    /// <param name="remedy">What to write instead.</param>
    public GrammarSyntaxException(int line, int column, string problem, string remedy)
        : base($"The grammar cannot be used, at line {line}, column {column}: {problem} {remedy}")
    {
        Line = line;
        Column = column;
    }

    /// <summary>The line where the trouble begins, from 1.</summary>
    public int Line { get; }

    /// <summary>The column where the trouble begins, in UTF-16 units from 1.</summary>
    public int Column { get; }
}
