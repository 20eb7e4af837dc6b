using System.Collections.Immutable;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;

/// <summary>A set of JSON values, said in terms of schemas. Equal ones of one <see cref="SchemaAlgebra"/> are one object.</summary>
internal abstract class SchemaExpression
{
    /// <summary>Its number in its algebra.</summary>
    public int Id { get; init; }
}

/// <summary>Every value.</summary>
internal sealed class AnyValueExpression : SchemaExpression;

/// <summary>No value.</summary>
internal sealed class NoValueExpression : SchemaExpression;

/// <summary>What a schema of the document allows.</summary>
internal sealed class LocatedExpression(SchemaLocation location) : SchemaExpression
{
    public SchemaLocation Location { get; } = location;
}

/// <summary>One value.</summary>
internal sealed class ConstantExpression(JsonElement value, SchemaLocation location) : SchemaExpression
{
    public JsonElement Value { get; } = value;

    /// <summary>The schema that names it.</summary>
    public SchemaLocation Location { get; } = location;
}

/// <summary>What all parts allow.</summary>
internal sealed class AllExpression(ImmutableArray<SchemaExpression> parts) : SchemaExpression
{
    public ImmutableArray<SchemaExpression> Parts { get; } = parts;
}

/// <summary>What any part allows.</summary>
internal sealed class AnyExpression(ImmutableArray<SchemaExpression> parts) : SchemaExpression
{
    public ImmutableArray<SchemaExpression> Parts { get; } = parts;
}

/// <summary>What the part does not allow. The part is never a combination of others.</summary>
internal sealed class NotExpression(SchemaExpression part) : SchemaExpression
{
    public SchemaExpression Part { get; } = part;
}
