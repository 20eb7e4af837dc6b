using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HostedService.Errors;

namespace HostedService.Wire;

/// <summary>Reads requests, and says in OpenAI's words what cannot be read.</summary>
internal static class WireJson
{
    /// <summary>The types of <see cref="WireContext"/>, written with every letter as itself: answers are read by programs, not pasted into pages.</summary>
    public static WireContext Types { get; } = new(new JsonSerializerOptions(WireContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Reads a body.</summary>
    /// <exception cref="ApiException">It is no JSON, or JSON of another form.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        BodyCheck.Require(body.Span);
        using JsonDocument document = JsonDocument.Parse(body);
        return Read(document.RootElement, type, path: "");
    }

    /// <summary>Reads a part of a body that may have several forms, when it is known which one it has.</summary>
    /// <param name="value">The part.</param>
    /// <param name="type">Its form.</param>
    /// <param name="path">Where it stands, such as <c>messages[0].content</c>; empty for the whole body.</param>
    /// <exception cref="ApiException">It has another form.</exception>
    public static T Read<T>(JsonElement value, JsonTypeInfo<T> type, string path)
        where T : class
    {
        try
        {
            return value.Deserialize(type) ?? throw new ApiException(ApiErrors.InvalidType(path.Length > 0 ? path : "body", FormNames.Expected(type), FormNames.Found(value)));
        }
        catch (JsonException error)
        {
            throw new ApiException(FormMismatch.Describe(value, type, path, error.Path));
        }
    }
}
