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

    /// <summary>A schema asks for itself before it asks for anything else.</summary>
    internal static InvalidJsonSchemaException OfSelfReference(string pointer) =>
        new(pointer, "the schema refers to itself without going into a part of the value, so it says nothing that a value could meet. Put the reference below properties or items.") { IsSelfReference = true };

    /// <summary>The JSON pointer of the place, as a URI fragment.</summary>
    public string Pointer { get; }

    /// <summary>Whether a schema asks for itself before it asks for anything else.</summary>
    internal bool IsSelfReference { get; private init; }
}

/// <summary>An answer does not meet its JSON schema, in a keyword that cannot be enforced, and neither did those written before it.</summary>
public sealed class JsonSchemaNotMetException : LlamaException
{
    private const int ShownCharacters = 200;

    /// <param name="text">The last answer, or the arguments of its call.</param>
    /// <param name="attempts">Answers that were written.</param>
    /// <param name="fault">What is wrong with the last.</param>
    /// <param name="tool">The tool whose arguments they are; <see langword="null"/> for an answer.</param>
    internal JsonSchemaNotMetException(string text, int attempts, Validation.SchemaFault fault, string? tool = null)
        : base(
            $"{(tool is null ? "The answer does" : $"{tool}: the arguments of its call do")} not meet the JSON schema after {attempts} {(attempts == 1 ? "attempt" : "attempts")}: '{(text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…")}' breaks " +
            $"'{fault.Keyword}' at {fault.Pointer}{(fault.Instance.Length > 0 ? $", in its part {fault.Instance}" : "")}. " +
            $"Say in the prompt what is wanted, sample with a temperature above 0, {(tool is null ? "raise JsonSchemaOptions.Retries, " : "")}or leave the keyword out.")
    {
        Text = text;
        Attempts = attempts;
        Pointer = fault.Pointer;
        Keyword = fault.Keyword;
        Instance = fault.Instance;
    }

    /// <summary>The last answer, all of it.</summary>
    public string Text { get; }

    /// <summary>Answers that were written.</summary>
    public int Attempts { get; }

    /// <summary>The JSON pointer of the schema that the answer breaks, as a URI fragment.</summary>
    public string Pointer { get; }

    /// <summary>The keyword that it breaks.</summary>
    public string Keyword { get; }

    /// <summary>The JSON pointer of the part of the answer that breaks it; empty for the whole.</summary>
    public string Instance { get; }
}
