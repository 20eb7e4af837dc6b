using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Options;

/// <summary>The JSON form of <see cref="TraceOptions"/>: <c>{"level": "stages", "top": 10, "max_steps": 4096, "sink": "file"}</c>, the level alone, or true.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(NameConverter<TraceLevel>)])]
[JsonSerializable(typeof(TraceOptions), TypeInfoPropertyName = "Trace")]
internal sealed partial class TraceOptionsJson : JsonSerializerContext
{
    private const string Key = LlamaOptionKeys.Trace;

    public static JsonElement Write(TraceOptions options) => JsonSerializer.SerializeToElement(Require(options), Default.Trace);

    /// <summary>Reads options in whatever form they have arrived.</summary>
    /// <returns>The options; <see langword="null"/> for false.</returns>
    /// <exception cref="OptionNotSupportedException">They are something else, or out of range.</exception>
    public static TraceOptions? Read(object value)
    {
        if (value is TraceOptions options)
        {
            return Require(options);
        }

        JsonElement json = OptionValue.ToElement(Key, value);
        return json.ValueKind switch
        {
            JsonValueKind.True => new TraceOptions(),
            JsonValueKind.False => null,
            JsonValueKind.String => Require(Deserialize(JsonElement.Parse($"{{\"level\":{json.GetRawText()}}}"), json)),
            _ => Require(Deserialize(json, json)),
        };
    }

    private static TraceOptions Deserialize(JsonElement json, JsonElement shown)
    {
        try
        {
            if (json.ValueKind == JsonValueKind.Object)
            {
                return json.Deserialize(Default.Trace)!;
            }
        }
        catch (JsonException)
        {
            // The error below says more.
        }

        throw new OptionNotSupportedException(
            Key, $"{Key} is {shown.GetRawText()}, but must be true, \"tokens\", \"stages\", \"full\" or an object such as {{\"level\": \"stages\", \"top\": 10}}. Change the option or leave it unset.");
    }

    private static TraceOptions Require(TraceOptions options)
    {
        string? fault =
            !Enum.IsDefined(options.Level) ? $"level {(int)options.Level}, but it must be tokens, stages or full" :
            options.Top is < 1 or > TraceSettings.MostTop ? $"top {options.Top}, but it must be from 1 to {TraceSettings.MostTop}" :
            options.MaxSteps < 1 ? $"max_steps {options.MaxSteps}, but it must be 1 or more" :
            options.Sink is "" ? "an empty sink, but it must be the name of a trace sink" : null;
        return fault is null ? options : throw new OptionNotSupportedException(Key, $"{Key} has {fault}. Change it or leave it unset.");
    }
}
