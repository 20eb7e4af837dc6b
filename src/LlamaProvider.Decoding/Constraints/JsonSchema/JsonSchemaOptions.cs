namespace LlamaProvider.Decoding.Constraints.JsonSchema;

/// <summary>Which of the texts that stand for the same JSON value may be written.</summary>
public sealed record JsonSchemaOptions
{
    private const int MaxRetries = 100;

    /// <summary>The options that are in force where none are given.</summary>
    public static JsonSchemaOptions Default { get; } = new();

    /// <summary>White space between the parts of a value. Default: <see cref="JsonWhitespace.Flexible"/>.</summary>
    public JsonWhitespace Whitespace { get; init; } = JsonWhitespace.Flexible;

    /// <summary>The order of an object's members. Default: <see cref="JsonPropertyOrder.Schema"/>.</summary>
    public JsonPropertyOrder PropertyOrder { get; init; } = JsonPropertyOrder.Schema;

    /// <summary>
    /// The most characters (code points) of a string where the schema lets it be of any length. Range: 0 and above. Default: <see langword="null"/>, no limit. Where the schema asks
    /// for longer ones, it stays unlimited.
    /// </summary>
    public int? MaxStringLength { get; init; }

    /// <summary>The most items of an array where the schema names no maximum. Range: 0 and above. Default: <see langword="null"/>, no limit. An array that must have more has just as many as it must.</summary>
    public int? MaxArrayItems { get; init; }

    /// <summary>
    /// The most members of an object that the schema does not mention, where it names no maximum of members. Range: 0 and above. Default: <see langword="null"/>, no limit. An object
    /// that must have more has just as many as it must.
    /// </summary>
    public int? MaxExtraMembers { get; init; }

    /// <summary>What happens to a keyword that cannot be enforced while a text is generated. Default: <see cref="JsonUnsupportedKeywords.Refuse"/>.</summary>
    public JsonUnsupportedKeywords OnUnsupported { get; init; } = JsonUnsupportedKeywords.Refuse;

    /// <summary>How often an answer that does not meet the schema is written again, with <see cref="JsonUnsupportedKeywords.Check"/>. Range: 0 to 100. Default: <see langword="null"/>, 2.</summary>
    public int? Retries { get; init; }

    /// <exception cref="InvalidConstraintException">A value is out of its range.</exception>
    internal void Validate()
    {
        foreach ((string name, int? value) in (ReadOnlySpan<(string, int?)>)[(nameof(MaxStringLength), MaxStringLength), (nameof(MaxArrayItems), MaxArrayItems), (nameof(MaxExtraMembers), MaxExtraMembers)])
        {
            if (value < 0)
            {
                throw new InvalidConstraintException(name, $"{name} is {value}, but must be 0 or more. Change the option or leave it unset.");
            }
        }

        if (Retries is < 0 or > MaxRetries)
        {
            throw new InvalidConstraintException(nameof(Retries), $"Retries is {Retries}, but must be 0 to {MaxRetries}. Change the option or leave it unset.");
        }
    }
}

/// <summary>White space between the parts of a JSON value.</summary>
public enum JsonWhitespace
{
    /// <summary>
    /// What serializers write: nothing, one space, or a line break with up to 64 spaces or tabs of indentation. JSON itself allows any amount, of which models that have nothing
    /// to say make use.
    /// </summary>
    Flexible,

    /// <summary>None.</summary>
    Compact,
}

/// <summary>The order of an object's members.</summary>
public enum JsonPropertyOrder
{
    /// <summary>Declared members in the order in which the schema names them; members that it does not name anywhere between them.</summary>
    Schema,

    /// <summary>Any order.</summary>
    Any,
}

/// <summary>What happens to a keyword of a JSON schema that cannot be enforced while a text is generated.</summary>
public enum JsonUnsupportedKeywords
{
    /// <summary>The request is refused with a <see cref="JsonSchemaNotSupportedException"/>.</summary>
    Refuse,

    /// <summary>
    /// The keyword is left out of what is enforced. The whole answer is checked against the whole schema, and written again when it does not meet it, up to
    /// <see cref="JsonSchemaOptions.Retries"/> times; then the request fails with a <see cref="JsonSchemaNotMetException"/>.
    /// </summary>
    Check,
}
