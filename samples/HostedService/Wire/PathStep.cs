using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace HostedService.Wire;

/// <summary>One step of a path into JSON: a member or an element.</summary>
/// <param name="Name">The member's name; <see langword="null"/> for an element.</param>
/// <param name="Index">The element's place.</param>
internal sealed partial record PathStep(string? Name, int Index)
{
    /// <summary>The steps of a path as System.Text.Json writes it: <c>$.a[0]['odd.name']</c>.</summary>
    public static IEnumerable<PathStep> Parse(string path) =>
        from Match match in Steps().Matches(path)
        select match.Groups["index"] is { Success: true } index
            ? new PathStep(null, int.Parse(index.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))
            : new PathStep(match.Groups["name"].Value, 0);

    /// <summary>The path with this step behind it, as OpenAI writes it: <c>a[0].b</c>.</summary>
    public string AppendTo(string path) => Name is null ? $"{path}[{Index}]" : path.Length > 0 ? $"{path}.{Name}" : Name;

    public bool TryFollow(JsonElement value, out JsonElement next)
    {
        next = value;
        if (Name is not null)
        {
            return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(Name, out next);
        }

        bool isInside = value.ValueKind == JsonValueKind.Array && Index < value.GetArrayLength();
        next = isInside ? value[Index] : value;
        return isInside;
    }

    /// <summary>The type behind the step; <see langword="null"/> for a member that the type does not have.</summary>
    public JsonTypeInfo? Follow(JsonTypeInfo type)
    {
        Type? next = Name is null || type.Kind == JsonTypeInfoKind.Dictionary
            ? type.ElementType
            : type.Properties.FirstOrDefault(property => property.Name == Name && !property.IsExtensionData)?.PropertyType;
        return next is null ? null : type.Options.GetTypeInfo(next);
    }

    [GeneratedRegex(@"\[(?<index>[0-9]+)\]|\['(?<name>.*?)'\]|\.(?<name>[^.\[]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Steps();
}
