using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Constraints.Lengths;

namespace LlamaProvider.Options;

/// <summary>The JSON form of <see cref="LengthOptions"/>: <c>{"min_tokens": 20, "max_words": 100}</c>; what is not a condition is left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(LengthOptions), TypeInfoPropertyName = "Lengths")]
internal sealed partial class LengthOptionsJson : JsonSerializerContext
{
    public static JsonElement Write(LengthOptions options) => JsonSerializer.SerializeToElement(options, Default.Lengths);

    /// <exception cref="OptionNotSupportedException">It is something else.</exception>
    public static LengthOptions Read(string key, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Malformed(key, json);
        }

        LengthOptions lengths = LengthOptions.None;
        foreach (JsonProperty member in json.EnumerateObject())
        {
            int? value = member.Value.ValueKind == JsonValueKind.Null ? null : ToCount(member.Value) ?? throw Malformed(key, json);
            lengths = member.Name switch
            {
                "min_tokens" => lengths with { MinTokens = value ?? 0 },
                "max_tokens" => lengths with { MaxTokens = value },
                "min_words" => lengths with { MinWords = value ?? 0 },
                "max_words" => lengths with { MaxWords = value },
                "min_sentences" => lengths with { MinSentences = value ?? 0 },
                "max_sentences" => lengths with { MaxSentences = value },
                _ => throw Malformed(key, json),
            };
        }

        return lengths;
    }

    /// <summary>Some frameworks turn numbers into texts, or whole numbers into others.</summary>
    private static int? ToCount(JsonElement value)
    {
        string? text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString(),
            _ => null,
        };
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : null;
    }

    private static OptionNotSupportedException Malformed(string key, JsonElement json) => new(
        key,
        $"{key} is {json.GetRawText()}, but must be an object of whole numbers that docs/constraints.md names, such as {{\"min_tokens\": 20, \"max_words\": 100}}. " +
        "Change the option or leave it unset.");
}
