using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>The JSON schema of a type, such that JSON that meets it can be read as the type.</summary>
internal static class TypeSchema
{
    private static readonly AIJsonSchemaCreateOptions Strict = new()
    {
        TransformOptions = new AIJsonSchemaTransformOptions { DisallowAdditionalProperties = true, RequireAllProperties = true },
        TransformSchemaNode = static (context, node) => AddRange(Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type, node),
    };

    public static JsonElement Create(Type type, JsonSerializerOptions? serializerOptions) =>
        AIJsonUtilities.CreateJsonSchema(type, serializerOptions: serializerOptions, inferenceOptions: Strict);

    /// <summary>A schema's integer has any number of digits, a type's has not.</summary>
    private static JsonNode AddRange(Type type, JsonNode node) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => node,
        TypeCode.SByte => AddRange<sbyte>(node),
        TypeCode.Byte => AddRange<byte>(node),
        TypeCode.Int16 => AddRange<short>(node),
        TypeCode.UInt16 => AddRange<ushort>(node),
        TypeCode.Int32 => AddRange<int>(node),
        TypeCode.UInt32 => AddRange<uint>(node),
        TypeCode.Int64 => AddRange<long>(node),
        TypeCode.UInt64 => AddRange<ulong>(node),
        TypeCode.Decimal => AddRange<decimal>(node),
        _ => node,
    };

    private static JsonNode AddRange<T>(JsonNode node)
        where T : IMinMaxValue<T>
    {
        if (node is JsonObject schema)
        {
            schema.TryAdd("minimum", JsonValue.Create(JsonElement.Parse(FormattableString.Invariant($"{T.MinValue}"))));
            schema.TryAdd("maximum", JsonValue.Create(JsonElement.Parse(FormattableString.Invariant($"{T.MaxValue}"))));
        }

        return node;
    }
}
