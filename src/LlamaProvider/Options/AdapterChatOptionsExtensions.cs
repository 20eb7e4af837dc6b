using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Decoding.Model;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>LoRA adapters of a request, on <see cref="ChatOptions"/>.</summary>
public static class AdapterChatOptionsExtensions
{
    /// <summary>
    /// Evaluates the request with a LoRA adapter, beside those that are set already. Stored under <c>llama.lora</c>: an object with a scale for each name.
    /// Requests with the same adapters and scales share steps; those with different ones take turns.
    /// </summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="name">The name in <see cref="LlamaEngineOptions.Adapters"/>.</param>
    /// <param name="scale">The factor of its weights. Default: 1, as it was trained. Range: any finite number; 0 is the base model.</param>
    /// <returns>The options.</returns>
    /// <exception cref="OptionNotSupportedException">The name is empty or the scale is not finite.</exception>
    public static ChatOptions UseAdapter(this ChatOptions options, string name, float scale = 1)
    {
        Dictionary<string, float> scales = Read(options) ?? [];
        scales[name ?? ""] = scale;
        ToSet(scales);
        var json = new JsonObject(scales.Select(adapter => KeyValuePair.Create(adapter.Key, (JsonNode?)JsonValue.Create(adapter.Value))));
        return OptionValue.Set(options, LlamaOptionKeys.Adapters, JsonElement.Parse(json.ToJsonString()));
    }

    /// <summary>The adapters, in whatever form they have arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The adapters, or <see langword="null"/> when none are set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored is neither a name nor an object with a scale for each name.</exception>
    public static AdapterSet? GetAdapters(this ChatOptions options) => Read(options) is { } scales ? ToSet(scales) : null;

    private static Dictionary<string, float>? Read(ChatOptions options)
    {
        if (OptionValue.Find(options, LlamaOptionKeys.Adapters) is not { } value)
        {
            return null;
        }

        JsonElement json = OptionValue.ToJson(LlamaOptionKeys.Adapters, value);
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return new Dictionary<string, float>(StringComparer.Ordinal) { [json.GetString()!] = 1 };
            case JsonValueKind.Object when json.EnumerateObject().All(member => ToScale(member.Value) is not null):
                var scales = new Dictionary<string, float>(StringComparer.Ordinal);
                foreach (JsonProperty member in json.EnumerateObject())
                {
                    scales[member.Name] = ToScale(member.Value)!.Value;
                }

                return scales;
            default:
                throw new OptionNotSupportedException(
                    LlamaOptionKeys.Adapters,
                    $"{LlamaOptionKeys.Adapters} is {json.GetRawText()}, but must be an adapter's name or an object with a scale for each name, such as {{\"name\": 0.5}}. " +
                    "Change the option or leave it unset.");
        }
    }

    /// <summary>Some frameworks turn numbers into texts.</summary>
    private static float? ToScale(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetSingle(out float number) => number,
        JsonValueKind.String when float.TryParse(value.GetString(), System.Globalization.CultureInfo.InvariantCulture, out float number) => number,
        _ => null,
    };

    private static AdapterSet ToSet(Dictionary<string, float> scales)
    {
        foreach ((string name, float scale) in scales)
        {
            if (name.Length == 0 || !float.IsFinite(scale))
            {
                throw new OptionNotSupportedException(
                    LlamaOptionKeys.Adapters,
                    FormattableString.Invariant($"{LlamaOptionKeys.Adapters} gives the adapter '{name}' the scale {scale}, but an adapter needs a name and a finite scale. Change the option."));
            }
        }

        return new AdapterSet(scales.Select(adapter => new AdapterScale(adapter.Key, adapter.Value)));
    }
}
