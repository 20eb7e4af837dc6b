namespace LlamaProvider.Templates.Syntax;

internal enum TokenKind
{
    /// <summary>Text outside of all delimiters.</summary>
    Data,

    /// <summary><c>{{</c></summary>
    OutputBegin,

    /// <summary><c>}}</c></summary>
    OutputEnd,

    /// <summary><c>{%</c></summary>
    BlockBegin,

    /// <summary><c>%}</c></summary>
    BlockEnd,

    Name,
    String,
    Integer,
    Float,
    Operator,

    /// <summary>The end of the template.</summary>
    End,
}

/// <summary>A token; the text of a string is what its escapes mean.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Offset)
{
    public bool IsOperator(string symbol) => Kind == TokenKind.Operator && Text == symbol;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    /// <summary>How an error message calls the token.</summary>
    public string Description => Kind switch
    {
        TokenKind.Data => "template text",
        TokenKind.OutputBegin => "'{{'",
        TokenKind.OutputEnd => "'}}'",
        TokenKind.BlockBegin => "'{%'",
        TokenKind.BlockEnd => "'%}'",
        TokenKind.String => "a string",
        TokenKind.End => "the end of the template",
        _ => $"'{Text}'",
    };
}
