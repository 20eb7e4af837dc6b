namespace LlamaProvider.Decoding.Constraints.JsonSchema;

/// <summary>Which of the texts that stand for the same JSON value may be written.</summary>
public sealed record JsonSchemaOptions
{
    /// <summary>The options that are in force where none are given.</summary>
    public static JsonSchemaOptions Default { get; } = new();

    /// <summary>White space between the parts of a value. Default: <see cref="JsonWhitespace.Flexible"/>.</summary>
    public JsonWhitespace Whitespace { get; init; } = JsonWhitespace.Flexible;

    /// <summary>The order of an object's members. Default: <see cref="JsonPropertyOrder.Schema"/>.</summary>
    public JsonPropertyOrder PropertyOrder { get; init; } = JsonPropertyOrder.Schema;
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
