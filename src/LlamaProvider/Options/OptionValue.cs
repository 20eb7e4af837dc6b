using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Decoding.Sampling;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>Values under keys of <see cref="ChatOptions.AdditionalProperties"/>: how they are written, and how they are read in whatever form a framework has brought them.</summary>
internal static class OptionValue
{
    /// <summary>What stands under a key of the additional properties; <see langword="null"/> when nothing does.</summary>
    public static object? Find(ChatOptions options, string key)
    {
        ArgumentNullException.ThrowIfNull(options);
        object? value = null;
        options.AdditionalProperties?.TryGetValue(key, out value);
        return value;
    }

    /// <summary>Puts JSON under a key of the additional properties.</summary>
    public static ChatOptions Set(ChatOptions options, string key, JsonElement value)
    {
        ArgumentNullException.ThrowIfNull(options);
        (options.AdditionalProperties ??= [])[key] = value;
        return options;
    }

    /// <summary>The value as JSON.</summary>
    /// <param name="key">The option, for errors.</param>
    /// <param name="value">JSON in any form, a text with JSON in it, a plain value, or a list or dictionary of such.</param>
    /// <exception cref="InvalidSamplerException">It is of another type.</exception>
    public static JsonElement ToJson(string key, object? value) => JsonElement.Parse(ToNode(key, value)?.ToJsonString() ?? "null");

    /// <summary>The same, for options that are none of samplers.</summary>
    /// <exception cref="OptionNotSupportedException">It is of another type, or no JSON.</exception>
    public static JsonElement ToElement(string key, object? value)
    {
        try
        {
            return ToJson(key, value);
        }
        catch (InvalidSamplerException error)
        {
            throw new OptionNotSupportedException(key, error.Message);
        }
        catch (JsonException error)
        {
            throw new OptionNotSupportedException(key, $"{key} cannot be read as JSON: {error.Message} Give it as a JsonElement or a text.");
        }
    }

    private static JsonNode? ToNode(string key, object? value) => value switch
    {
        null => null,
        JsonElement element => JsonNode.Parse(element.ValueKind == JsonValueKind.String ? TextAsJson(element.GetString()!) : element.GetRawText()),
        JsonDocument document => JsonNode.Parse(document.RootElement.GetRawText()),
        JsonNode node => node.DeepClone(),
        string text => JsonNode.Parse(TextAsJson(text)),
        bool flag => JsonValue.Create(flag),
        IConvertible number when number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal =>
            JsonNode.Parse(TextAsJson(number.ToString(CultureInfo.InvariantCulture))),
        IEnumerable<KeyValuePair<string, object?>> members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, ToNode(key, member.Value)))),
        IDictionary map => new JsonObject(map.Keys.Cast<object>().Select(name => KeyValuePair.Create(name.ToString()!, ToNode(key, map[name])))),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(item => ToNode(key, item))]),
        _ => throw new InvalidSamplerException(key, $"{key} is a {value.GetType()}, which cannot be read. Give JSON, or use the extension method that writes it."),
    };

    /// <summary>Texts are taken as JSON when they are JSON, since some frameworks carry values that way, and as themselves otherwise.</summary>
    private static string TextAsJson(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return text;
        }
        catch (JsonException)
        {
            return JsonValue.Create(text).ToJsonString();
        }
    }
}
