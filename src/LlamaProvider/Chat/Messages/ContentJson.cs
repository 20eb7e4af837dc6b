using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Messages;

/// <summary>Values of a conversation as JSON, in the form that Microsoft.Extensions.AI gives them: characters of any language stand as themselves.</summary>
internal static class ContentJson
{
    /// <summary>A text as a JSON string.</summary>
    public static string Write(string text) => JsonSerializer.Serialize(text, TypeInfo(typeof(string)));

    /// <summary>Any value as JSON.</summary>
    /// <exception cref="JsonException">It holds itself, or nests too deep.</exception>
    /// <exception cref="NotSupportedException">It is of a type that has no JSON.</exception>
    public static JsonElement ToElement(object? value) => JsonSerializer.SerializeToElement(value, TypeInfo(value?.GetType() ?? typeof(object)));

    private static JsonTypeInfo TypeInfo(Type type) => AIJsonUtilities.DefaultOptions.GetTypeInfo(type);
}
