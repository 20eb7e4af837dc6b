using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Strategies.Beam;

namespace LlamaProvider.Options;

/// <summary>
/// The JSON form of <see cref="BeamSearchOptions"/> and <see cref="DiverseBeamSearchOptions"/>: <c>{"width": 4, "length_penalty": 1, "stopping": "early", "sample": true}</c>. A number stands
/// for its width.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BeamSearchOptions), TypeInfoPropertyName = "Beam")]
[JsonSerializable(typeof(DiverseBeamSearchOptions), TypeInfoPropertyName = "Diverse")]
internal sealed partial class BeamOptionsJson : JsonSerializerContext
{
    public static JsonElement Write(BeamSearchOptions options) => JsonSerializer.SerializeToElement(options, Default.Beam);

    public static JsonElement Write(DiverseBeamSearchOptions options) => JsonSerializer.SerializeToElement(options, Default.Diverse);

    /// <exception cref="OptionNotSupportedException">It is something else.</exception>
    public static BeamSearchOptions ReadBeam(string key, object value)
    {
        var options = new BeamSearchOptions();
        foreach (Member member in Members(key, value))
        {
            options = member.Name switch
            {
                "width" => options with { Width = member.Count },
                "results" => options with { Results = member.Count },
                "length_penalty" => options with { LengthPenalty = member.Number },
                "stopping" => options with { Stopping = member.Stopping },
                "sample" => options with { Sample = member.Flag },
                _ => throw member.Malformed,
            };
        }

        return options;
    }

    /// <exception cref="OptionNotSupportedException">It is something else.</exception>
    public static DiverseBeamSearchOptions ReadDiverse(string key, object value)
    {
        var options = new DiverseBeamSearchOptions();
        foreach (Member member in Members(key, value))
        {
            options = member.Name switch
            {
                "width" => options with { Width = member.Count },
                "groups" => options with { Groups = member.Count },
                "diversity_penalty" => options with { DiversityPenalty = member.Number },
                "results" => options with { Results = member.Count },
                "length_penalty" => options with { LengthPenalty = member.Number },
                "stopping" => options with { Stopping = member.Stopping },
                _ => throw member.Malformed,
            };
        }

        return options;
    }

    private static IEnumerable<Member> Members(string key, object value)
    {
        JsonElement json = OptionValue.ToElement(key, value);
        return json.ValueKind switch
        {
            JsonValueKind.Number => [new Member(key, json, "width", json)],
            JsonValueKind.Object => json.EnumerateObject().Where(static member => member.Value.ValueKind != JsonValueKind.Null).Select(member => new Member(key, json, member.Name, member.Value)),
            _ => throw new Member(key, json, "", json).Malformed,
        };
    }

    /// <summary>One value. Some frameworks turn numbers and flags into texts, or whole numbers into others.</summary>
    private readonly record struct Member(string Key, JsonElement Whole, string Name, JsonElement Value)
    {
        public double Number => double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Malformed;

        public int Count => Number is double number && number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue ? (int)number : throw Malformed;

        public bool Flag => bool.TryParse(Text, out bool flag) ? flag : throw Malformed;

        public BeamStopping Stopping =>
            Value.ValueKind == JsonValueKind.String && Enum.TryParse(Text, ignoreCase: true, out BeamStopping stopping) && Enum.IsDefined(stopping) ? stopping : throw Malformed;

        public OptionNotSupportedException Malformed => new(
            Key, $"{Key} is {Whole.GetRawText()}, but must be an object of the values that docs/search.md names, such as {{\"width\": 4}}. Change the option or leave it unset.");

        private string Text => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : Value.GetRawText();
    }
}
