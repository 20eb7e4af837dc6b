using System.Text.Json;

namespace LlamaProvider.Chat.Tools;

/// <summary>The types that an argument's value may have.</summary>
internal static class ArgumentTypes
{
    private static readonly ArgumentType[] All = Enum.GetValues<ArgumentType>();

    /// <summary>The types that a schema allows, as far as it says it in <c>type</c>, <c>enum</c>, <c>const</c> or the alternatives of <c>anyOf</c>; all when it says nothing.</summary>
    public static IReadOnlyList<ArgumentType> Of(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return All;
        }

        if (schema.TryGetProperty("enum", out JsonElement values) && values.ValueKind == JsonValueKind.Array)
        {
            return [.. values.EnumerateArray().Select(Of).Distinct().Order()];
        }

        if (schema.TryGetProperty("const", out JsonElement value))
        {
            return [OfValue(value)];
        }

        if (schema.TryGetProperty("type", out JsonElement type))
        {
            string?[] names = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(static name => name.ToString())] : [type.ToString()];
            return [.. All.Where(candidate => names.Contains(NameOf(candidate), StringComparer.Ordinal) || (candidate == ArgumentType.Number && names.Contains("integer", StringComparer.Ordinal)))];
        }

        return schema.TryGetProperty("anyOf", out JsonElement alternatives) && alternatives.ValueKind == JsonValueKind.Array
            ? [.. alternatives.EnumerateArray().SelectMany(static alternative => ArgumentTypes.Of(alternative)).Distinct().Order()]
            : All;

        static ArgumentType Of(JsonElement value) => OfValue(value);
    }

    /// <summary>How values of a type are written. One that the model's template does not show is JSON between the marks of a number.</summary>
    public static TaggedValue Form(ArgumentSyntax.Tagged syntax, ArgumentType type) =>
        syntax.Values.TryGetValue(type, out TaggedValue? value) ? value
        : (syntax.Values.TryGetValue(ArgumentType.Number, out value) ? value : syntax.Values[ArgumentType.String]) with { Form = ValueForm.Json };

    /// <summary>The type's name in schemas.</summary>
    public static string NameOf(ArgumentType type) => type switch
    {
        ArgumentType.String => "string",
        ArgumentType.Number => "number",
        ArgumentType.Boolean => "boolean",
        ArgumentType.Null => "null",
        ArgumentType.Object => "object",
        _ => "array",
    };

    /// <summary>The type of a value.</summary>
    public static ArgumentType OfValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => ArgumentType.String,
        JsonValueKind.Number => ArgumentType.Number,
        JsonValueKind.True or JsonValueKind.False => ArgumentType.Boolean,
        JsonValueKind.Object => ArgumentType.Object,
        JsonValueKind.Array => ArgumentType.Array,
        _ => ArgumentType.Null,
    };
}
