using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HostedService.Errors;

namespace HostedService.Wire;

/// <summary>Says what a value is and what it should be, by following the path of a reader's error through the value and its type at once.</summary>
internal static class FormMismatch
{
    /// <param name="value">What was read.</param>
    /// <param name="type">What it was read as.</param>
    /// <param name="path">Where the value stands.</param>
    /// <param name="jsonPath">Where in it reading failed, as System.Text.Json writes it: <c>$.messages[0].role</c>.</param>
    public static ApiError Describe(JsonElement value, JsonTypeInfo type, string path, string? jsonPath)
    {
        JsonTypeInfo? expected = type;
        foreach (PathStep step in PathStep.Parse(jsonPath ?? "$"))
        {
            path = step.AppendTo(path);
            if (expected is null || !step.TryFollow(value, out value))
            {
                break;
            }

            expected = step.Follow(expected);
            if (expected is null)
            {
                return ApiErrors.Unknown(path);
            }
        }

        path = path.Length > 0 ? path : "body";
        (string form, string found) = (FormNames.Expected(expected ?? type), FormNames.Found(value));
        return form == found || (form == "a number" && value.ValueKind == JsonValueKind.Number)
            ? ApiErrors.InvalidValue(path, $"Invalid value for '{path}': {value.GetRawText()} is out of range.")
            : ApiErrors.InvalidType(path, form, found);
    }
}
