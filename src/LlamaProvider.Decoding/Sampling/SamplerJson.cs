using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>Pipelines as JSON. Values may arrive as other programs write them: numbers as texts, whole numbers with a fraction of zero.</summary>
internal static class SamplerJson
{
    private static readonly SamplerJsonContext Context = SamplerJsonContext.Default;
    private static readonly Dictionary<string, JsonTypeInfo> Types = Context.SamplerComponent.PolymorphismOptions!.DerivedTypes
        .ToDictionary(type => (string)type.TypeDiscriminator!, type => Context.Options.GetTypeInfo(type.DerivedType));

    private static string KnownTypes => string.Join(", ", Types.Keys);

    public static JsonElement Write(SamplerPipeline pipeline)
    {
        SamplerComponent[] components = [.. pipeline.Stages, pipeline.Selector];
        return JsonSerializer.SerializeToElement(components, Context.SamplerComponentArray);
    }

    public static SamplerPipeline Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            throw Error("samplers", $"is {Shorten(json)}, but must be an array of objects with a \"type\", such as [{{\"type\":\"top_k\",\"top_k\":40}}].");
        }

        var builder = new SamplerPipelineBuilder();
        int index = 0;
        foreach (JsonElement element in json.EnumerateArray())
        {
            builder.Add(ReadComponent(element, $"samplers[{index++}]"));
        }

        return builder.Build();
    }

    private static SamplerComponent ReadComponent(JsonElement element, string place)
    {
        JsonElement type = element;
        if (element.ValueKind == JsonValueKind.Object && !element.TryGetProperty("type", out type))
        {
            throw Error(place, $"has no \"type\". Name one of: {KnownTypes}.");
        }

        if (type.ValueKind != JsonValueKind.String || !Types.ContainsKey(type.GetString()!))
        {
            throw Error(place, $"is of type {Shorten(type)}, but must be one of: {KnownTypes}.");
        }

        return ReadComponent(
            element.ValueKind == JsonValueKind.Object ? element : JsonElement.Parse($"{{\"type\":{element.GetRawText()}}}"), $"{place} ({type.GetString()})", Types[type.GetString()!]);
    }

    private static SamplerComponent ReadComponent(JsonElement element, string place, JsonTypeInfo type)
    {
        string[] values = [.. type.Properties.Where(property => property.Get is not null).Select(property => property.Name)];
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (member.Name != "type" && !values.Contains(member.Name))
            {
                string known = values.Length == 0 ? "It takes no values." : $"It takes: {string.Join(", ", values)}.";
                throw Error(place, $"has '{member.Name}', which it does not know. {known}");
            }
        }

        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.AssociatedParameter is { HasDefaultValue: false } && !element.TryGetProperty(property.Name, out _))
            {
                throw Error(place, $"lacks '{property.Name}', which it needs. Give the value.");
            }
        }

        try
        {
            return element.Deserialize(Context.SamplerComponent)!;
        }
        catch (JsonException error)
        {
            throw Error(place, $"cannot be read: {error.Message}", error);
        }
        catch (InvalidSamplerException error)
        {
            throw new InvalidSamplerException(error.Option, $"{place}: {error.Message}", error);
        }
    }

    private static InvalidSamplerException Error(string place, string message, Exception? inner = null) => new(place.Split(' ')[0], $"{place} {message}", inner);

    private static string Shorten(JsonElement element)
    {
        string text = element.GetRawText();
        return text.Length <= 60 ? text : $"{text.AsSpan(0, 60)}…";
    }
}

[JsonSourceGenerationOptions(
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    AllowOutOfOrderMetadataProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TolerantDoubleConverter), typeof(TolerantInt32Converter), typeof(TolerantBooleanConverter)])]
[JsonSerializable(typeof(SamplerComponent))]
[JsonSerializable(typeof(SamplerComponent[]))]
internal sealed partial class SamplerJsonContext : JsonSerializerContext;

/// <summary>Reads a number or the text of one; writes infinities as texts, since JSON has no number for them.</summary>
internal sealed class TolerantDoubleConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => reader.GetDouble(),
        JsonTokenType.String when double.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) => value,
        JsonTokenType.String => throw new JsonException($"'{reader.GetString()}' is not a number."),
        _ => throw new JsonException($"A {reader.TokenType} is not a number."),
    };

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        }
    }
}

/// <summary>Reads a whole number, also as 40.0 or as a text.</summary>
internal sealed class TolerantInt32Converter : JsonConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.TokenType switch
    {
        JsonTokenType.Number => reader.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonTokenType.String => reader.GetString()!,
        _ => throw new JsonException($"A {reader.TokenType} is not a whole number."),
    });

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    public override int ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, int value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString(CultureInfo.InvariantCulture));

    private static int Parse(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value == Math.Truncate(value) && Math.Abs(value) <= int.MaxValue
            ? (int)value
            : throw new JsonException($"'{text}' is not a whole number from {-int.MaxValue} to {int.MaxValue}.");
}

/// <summary>Reads true and false, also as texts.</summary>
internal sealed class TolerantBooleanConverter : JsonConverter<bool>
{
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String when bool.TryParse(reader.GetString(), out bool value) => value,
        _ => throw new JsonException("Only true and false can be read here."),
    };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}
