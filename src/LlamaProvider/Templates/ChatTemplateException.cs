using LlamaProvider.Decoding;

namespace LlamaProvider.Templates;

/// <summary>
/// A chat template that cannot be compiled, or that cannot render its input: a syntax error, an operation that the values do not allow,
/// a limit of <see cref="ChatTemplateOptions"/>, or the template's own <c>raise_exception</c>.
/// </summary>
public sealed class ChatTemplateException : LlamaException
{
    internal ChatTemplateException(string problem, int line, int column, Exception? innerException = null)
        : base($"Chat template, line {line}, column {column}: {problem}", innerException)
    {
        Line = line;
        Column = column;
    }

    /// <summary>The line of the template's source where the error lies, from 1.</summary>
    public int Line { get; }

    /// <summary>The column of the template's source where the error lies, from 1, in UTF-16 code units.</summary>
    public int Column { get; }
}
