using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Messages;

/// <summary>Values of a conversation as JSON, in the form that Microsoft.Extensions.AI gives them, but on one line, and with the characters of every language as themselves.</summary>
internal static class ContentJson
{
    private static readonly JsonSerializerOptions Options = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false, Encoder = new PlainJsonEncoder() };

    /// <summary>Any value as the text of JSON.</summary>
    /// <exception cref="JsonException">It holds itself, or nests too deep.</exception>
    /// <exception cref="NotSupportedException">It is of a type that has no JSON.</exception>
    public static string Write(object value) => JsonSerializer.Serialize(value, TypeInfo(value));

    /// <summary>Any value as JSON; the errors of <see cref="Write"/>.</summary>
    public static JsonElement ToElement(object value) => JsonSerializer.SerializeToElement(value, TypeInfo(value));

    /// <summary>Any value as JSON that can be put into other JSON; the errors of <see cref="Write"/>.</summary>
    public static JsonNode? ToNode(object? value) => value is null ? null : JsonSerializer.SerializeToNode(value, TypeInfo(value));

    /// <summary>Whether an error means that a value has no JSON.</summary>
    public static bool IsRefusal(Exception error) => error is JsonException or NotSupportedException or InvalidOperationException or ArgumentException;

    /// <summary>Why a value has no JSON.</summary>
    public static string Reason(Exception error) => error is JsonException ? "it holds itself, or nests deeper than 64 levels." : "its type cannot be written.";

    private static JsonTypeInfo TypeInfo(object value) => Options.GetTypeInfo(value.GetType());
}
