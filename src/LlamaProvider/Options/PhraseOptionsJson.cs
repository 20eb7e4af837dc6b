using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Constraints.Phrases;

namespace LlamaProvider.Options;

/// <summary>The JSON form of <see cref="PhraseOptions"/>: <c>{"phrases": ["a", "b"], "ignore_case": true, "whole_words": false}</c>; a list or a text stands for its phrases.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PhraseOptions), TypeInfoPropertyName = "Phrases")]
internal sealed partial class PhraseOptionsJson : JsonSerializerContext
{
    public static JsonElement Write(PhraseOptions options) => JsonSerializer.SerializeToElement(options, Default.Phrases);

    /// <summary>Reads a value in whatever form it has arrived. Phrases stay as they are, though they look like JSON.</summary>
    /// <exception cref="OptionNotSupportedException">It is something else.</exception>
    public static PhraseOptions Read(string key, object value) => value switch
    {
        PhraseOptions options => options,
        string text => IsObjectOrList(text) ? Read(key, JsonElement.Parse(text)) : Of([text]),
        IEnumerable<string> phrases => Of(phrases),
        JsonElement { ValueKind: JsonValueKind.String } text => Read(key, text.GetString()!),
        JsonElement { ValueKind: JsonValueKind.Array } list when AreTexts(list) => Of(list.EnumerateArray().Select(static item => item.ToString())),
        JsonElement { ValueKind: JsonValueKind.Object } members => ReadMembers(key, members),
        JsonElement other => throw Malformed(key, other),
        JsonNode node => Read(key, JsonElement.Parse(node.ToJsonString())),
        JsonDocument document => Read(key, document.RootElement),
        IEnumerable<KeyValuePair<string, object?>> or System.Collections.IDictionary or not System.Collections.IEnumerable => Read(key, OptionValue.ToElement(key, value)),
        System.Collections.IEnumerable items => Read(key, ToList(key, items)),
    };

    private static PhraseOptions ReadMembers(string key, JsonElement json)
    {
        PhraseOptions options = PhraseOptions.None;
        foreach (JsonProperty member in json.EnumerateObject())
        {
            options = member.Name switch
            {
                "phrases" when member.Value.ValueKind is JsonValueKind.Array or JsonValueKind.String => options with { Phrases = Read(key, member.Value).Phrases },
                "ignore_case" when ToFlag(member.Value) is { } flag => options with { IgnoreCase = flag },
                "whole_words" when ToFlag(member.Value) is { } flag => options with { WholeWords = flag },
                _ => throw Malformed(key, json),
            };
        }

        return options;
    }

    private static PhraseOptions Of(IEnumerable<string> phrases) => new() { Phrases = [.. phrases] };

    private static JsonElement ToList(string key, System.Collections.IEnumerable items) => JsonElement.Parse(new JsonArray([.. items.Cast<object?>().Select(item => item switch
    {
        string text => JsonValue.Create(text),
        null => null,
        _ => JsonNode.Parse(OptionValue.ToElement(key, item).GetRawText()),
    })]).ToJsonString());

    /// <summary>Some frameworks turn texts that look like numbers into numbers.</summary>
    private static bool AreTexts(JsonElement list) => list.EnumerateArray().All(static item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number);

    /// <summary>Some frameworks turn values into texts.</summary>
    private static bool? ToFlag(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(value.GetString(), out bool flag) => flag,
        _ => null,
    };

    private static bool IsObjectOrList(string text)
    {
        try
        {
            return JsonElement.Parse(text).ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static OptionNotSupportedException Malformed(string key, JsonElement json) => new(
        key,
        $"{key} is {json.GetRawText()}, but must be a list of texts or an object with it, such as {Write(new PhraseOptions { Phrases = ["a phrase"] }).GetRawText()}. " +
        "Change the option or leave it unset.");
}
