using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Strategies.Contrastive;

namespace LlamaProvider.Options;

/// <summary>
/// The JSON forms of contrastive search (<c>{"top_k": 4, "alpha": 0.6}</c> or the number), guidance (<c>{"negative_prompt": "…", "scale": 1.5}</c> or the text), token guides
/// (<c>{"guide": "positive", "strength": 1, "top_k": 20}</c> or the name) and best-of-n (<c>{"count": 4, "scorer": "likelihood"}</c> or the number).
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContrastiveSearchOptions), TypeInfoPropertyName = "Contrastive")]
[JsonSerializable(typeof(GuidanceOptions), TypeInfoPropertyName = "Guidance")]
[JsonSerializable(typeof(TokenGuideOptions), TypeInfoPropertyName = "Guide")]
[JsonSerializable(typeof(BestOfOptions), TypeInfoPropertyName = "BestOf")]
internal sealed partial class SearchOptionsJson : JsonSerializerContext
{
    /// <exception cref="OptionNotSupportedException">It is something else.</exception>
    public static ContrastiveSearchOptions ReadContrastive(string key, object value) => OptionMember.Read(key, value, "top_k", JsonValueKind.Number, "{\"top_k\": 4, \"alpha\": 0.6}")
        .Aggregate(new ContrastiveSearchOptions(), static (options, member) => member.Name switch
        {
            "top_k" => options with { TopK = member.Count },
            "alpha" => options with { Alpha = member.Number },
            _ => throw member.Malformed,
        });

    /// <inheritdoc cref="ReadContrastive"/>
    public static GuidanceOptions ReadGuidance(string key, object value) => OptionMember.Read(key, value, "negative_prompt", JsonValueKind.String, "{\"negative_prompt\": \"Answer at length.\", \"scale\": 1.5}")
        .Aggregate(new GuidanceOptions(), static (options, member) => member.Name switch
        {
            "scale" => options with { Scale = member.Number },
            "negative_prompt" => options with { NegativePrompt = member.Text },
            "negative_messages" when member.Value.ValueKind == JsonValueKind.Array => options with { NegativeMessages = ReadMessages(member) },
            _ => throw member.Malformed,
        });

    /// <inheritdoc cref="ReadContrastive"/>
    public static TokenGuideOptions ReadGuide(string key, object value) => OptionMember.Read(key, value, "guide", JsonValueKind.String, "{\"guide\": \"positive\", \"strength\": 1}")
        .Aggregate(new TokenGuideOptions(), static (options, member) => member.Name switch
        {
            "guide" => options with { Guide = member.Text },
            "strength" => options with { Strength = member.Number },
            "top_k" => options with { TopK = member.Count },
            _ => throw member.Malformed,
        });

    /// <inheritdoc cref="ReadContrastive"/>
    public static BestOfOptions ReadBestOf(string key, object value) => OptionMember.Read(key, value, "count", JsonValueKind.Number, "{\"count\": 4, \"scorer\": \"likelihood\"}")
        .Aggregate(new BestOfOptions(), static (options, member) => member.Name switch
        {
            "count" => options with { Count = member.Count },
            "scorer" => options with { Scorer = member.Text },
            _ => throw member.Malformed,
        });

    private static GuidanceMessage[] ReadMessages(OptionMember member)
    {
        var messages = new List<GuidanceMessage>();
        foreach (JsonElement message in member.Value.EnumerateArray())
        {
            bool isMessage = message.ValueKind == JsonValueKind.Object
                && message.TryGetProperty("role", out JsonElement role) && role.ValueKind == JsonValueKind.String
                && message.TryGetProperty("text", out JsonElement text) && text.ValueKind == JsonValueKind.String
                && message.EnumerateObject().Count() == 2;
            messages.Add(isMessage ? new GuidanceMessage(message.GetProperty("role").GetString()!, message.GetProperty("text").GetString()!) : throw member.Malformed);
        }

        return [.. messages];
    }
}
