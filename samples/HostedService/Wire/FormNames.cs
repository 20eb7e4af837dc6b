using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace HostedService.Wire;

/// <summary>What forms of JSON are called in errors.</summary>
internal static class FormNames
{
    /// <summary>The form that a type is read from.</summary>
    public static string Expected(JsonTypeInfo type)
    {
        Type plain = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return type.Kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
            JsonTypeInfoKind.Enumerable => "an array",
            _ when plain == typeof(string) => "a string",
            _ when plain == typeof(bool) => "a boolean",
            _ when plain == typeof(int) || plain == typeof(long) => "an integer",
            _ => "a number",
        };
    }

    /// <summary>The form that a value has.</summary>
    public static string Found(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? "an integer" : "a decimal",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
