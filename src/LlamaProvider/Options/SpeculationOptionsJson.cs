using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlamaProvider.Options;

/// <summary>The JSON forms: <c>{"drafter": "draft", "max_tokens": 8}</c>, or the drafter's name alone; <c>{"min_match": 2, "max_tokens": 16}</c>, or true.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SpeculativeDecodingOptions), TypeInfoPropertyName = "Speculative")]
[JsonSerializable(typeof(PromptLookupOptions), TypeInfoPropertyName = "Lookup")]
internal sealed partial class SpeculationOptionsJson : JsonSerializerContext
{
    /// <summary>A step's costs are remembered for so many tokens at most.</summary>
    public const int MostTokens = Decoding.Scheduling.StepCosts.Largest - 1;

    /// <summary>Reads options in whatever form they have arrived.</summary>
    /// <exception cref="OptionNotSupportedException">They are something else, or out of range.</exception>
    public static SpeculativeDecodingOptions ReadSpeculative(object value)
    {
        const string Key = LlamaOptionKeys.SpeculativeDecoding;
        JsonElement json = value is SpeculativeDecodingOptions options ? JsonSerializer.SerializeToElement(options, Default.Speculative) : OptionValue.ToElement(Key, value);
        SpeculativeDecodingOptions read = json.ValueKind == JsonValueKind.String
            ? new SpeculativeDecodingOptions(json.GetString()!)
            : Deserialize(Key, json, Default.Speculative, "a drafter's name or an object such as {\"drafter\": \"draft\", \"max_tokens\": 8}");
        Require(Key, "drafter", read.Drafter, !string.IsNullOrEmpty(read.Drafter), "the name of a drafter");
        RequireTokens(Key, read.MaxTokens);
        Require(Key, "min_confidence", read.MinConfidence, read.MinConfidence is >= 0 and <= 1, "from 0 to 1");
        return read;
    }

    /// <inheritdoc cref="ReadSpeculative"/>
    /// <returns>The options; <see langword="null"/> for false.</returns>
    public static PromptLookupOptions? ReadLookup(object value)
    {
        const string Key = LlamaOptionKeys.PromptLookup;
        JsonElement json = value is PromptLookupOptions options ? JsonSerializer.SerializeToElement(options, Default.Lookup) : OptionValue.ToElement(Key, value);
        if (json.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return json.ValueKind == JsonValueKind.True ? new PromptLookupOptions() : null;
        }

        PromptLookupOptions read = Deserialize(Key, json, Default.Lookup, "true or an object such as {\"min_match\": 2, \"max_tokens\": 16}");
        Require(Key, "min_match", read.MinMatch, read.MinMatch >= 1, "1 or more");
        RequireTokens(Key, read.MaxTokens);
        return read;
    }

    private static T Deserialize<T>(string key, JsonElement json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string form)
    {
        try
        {
            return json.ValueKind == JsonValueKind.Object ? json.Deserialize(type)! : throw Malformed();
        }
        catch (JsonException)
        {
            throw Malformed();
        }

        OptionNotSupportedException Malformed() => new(key, $"{key} is {json.GetRawText()}, but must be {form}. Change the option or leave it unset.");
    }

    private static void RequireTokens(string key, int tokens) => Require(key, "max_tokens", tokens, tokens is >= 1 and <= MostTokens, $"from 1 to {MostTokens}");

    private static void Require<T>(string key, string member, T value, bool isValid, string range)
    {
        if (!isValid)
        {
            throw new OptionNotSupportedException(key, FormattableString.Invariant($"{key} has {member} {value}, but it must be {range}. Change it or leave it unset."));
        }
    }
}
