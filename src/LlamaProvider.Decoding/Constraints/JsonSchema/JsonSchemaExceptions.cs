namespace LlamaProvider.Decoding.Constraints.JsonSchema;

/// <summary>A JSON schema uses a keyword in a way that cannot be enforced while a text is generated.</summary>
public sealed class JsonSchemaNotSupportedException : LlamaException
{
    internal JsonSchemaNotSupportedException(string pointer, string keyword, string reason, Exception? inner = null)
        : base($"The JSON schema's keyword '{keyword}' at {pointer} cannot be enforced: {reason}", inner)
    {
        Pointer = pointer;
        Keyword = keyword;
    }

    /// <summary>The JSON pointer of the schema that holds the keyword, as a URI fragment: <c>#/properties/name</c>.</summary>
    public string Pointer { get; }

    /// <summary>The keyword.</summary>
    public string Keyword { get; }
}

/// <summary>A text is no JSON schema.</summary>
public sealed class InvalidJsonSchemaException : LlamaException
{
    internal InvalidJsonSchemaException(string pointer, string reason, Exception? inner = null)
        : base($"The JSON schema is invalid at {pointer}: {reason}", inner) => Pointer = pointer;

    /// <summary>The JSON pointer of the place, as a URI fragment.</summary>
    public string Pointer { get; }
}
