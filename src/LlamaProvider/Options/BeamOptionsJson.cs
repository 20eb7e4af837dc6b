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
    public static BeamSearchOptions ReadBeam(string key, object value) => Members(key, value)
        .Aggregate(new BeamSearchOptions(), static (options, member) => member.Name switch
        {
            "width" => options with { Width = member.Count },
            "results" => options with { Results = member.Count },
            "length_penalty" => options with { LengthPenalty = member.Number },
            "stopping" => options with { Stopping = member.Enumeration<BeamStopping>() },
            "sample" => options with { Sample = member.Flag },
            _ => throw member.Malformed,
        });

    /// <exception cref="OptionNotSupportedException">It is something else.</exception>
    public static DiverseBeamSearchOptions ReadDiverse(string key, object value) => Members(key, value)
        .Aggregate(new DiverseBeamSearchOptions(), static (options, member) => member.Name switch
        {
            "width" => options with { Width = member.Count },
            "groups" => options with { Groups = member.Count },
            "diversity_penalty" => options with { DiversityPenalty = member.Number },
            "results" => options with { Results = member.Count },
            "length_penalty" => options with { LengthPenalty = member.Number },
            "stopping" => options with { Stopping = member.Enumeration<BeamStopping>() },
            _ => throw member.Malformed,
        });

    private static IEnumerable<OptionMember> Members(string key, object value) => OptionMember.Read(key, value, "width", JsonValueKind.Number, "{\"width\": 4}");
}
