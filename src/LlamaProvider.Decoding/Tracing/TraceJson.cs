using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlamaProvider.Decoding.Tracing;

/// <summary>Traces as JSON, in the form that docs/tracing.md describes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters =
    [
        typeof(TraceNameConverter<TraceLevel>), typeof(TraceNameConverter<TraceEnd>), typeof(TraceNameConverter<DraftOutcome>), typeof(TraceNameConverter<DraftLengthReason>),
        typeof(TraceNameConverter<BeamOutcome>),
    ],
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(AnswerTrace), TypeInfoPropertyName = "Trace")]
[JsonSerializable(typeof(TraceStep), TypeInfoPropertyName = "Step")]
internal sealed partial class TraceJson : JsonSerializerContext
{
    private const string Remedy = "Read what AnswerTrace.ToJson wrote, whole.";

    public static string Write(AnswerTrace trace) => JsonSerializer.Serialize(trace, Default.Trace);

    /// <exception cref="InvalidTraceException">It is none.</exception>
    public static AnswerTrace Read(string json)
    {
        try
        {
            RequireVersion(json);
            return JsonSerializer.Deserialize(json, Default.Trace)!;
        }
        catch (JsonException error)
        {
            throw new InvalidTraceException(
                FormattableString.Invariant($"The trace cannot be read at '{error.Path ?? "$"}', line {error.LineNumber + 1}: it is cut short, damaged, or lacks a member. {Remedy}"), error);
        }
        catch (NotSupportedException error)
        {
            throw new InvalidTraceException($"The trace has a step whose type is none of version {AnswerTrace.CurrentVersion}. {Remedy}", error);
        }
    }

    private static void RequireVersion(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("version", out JsonElement version))
        {
            throw new InvalidTraceException($"The text is no trace: it has no version. {Remedy}");
        }

        if (version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out int number) || number != AnswerTrace.CurrentVersion)
        {
            throw new InvalidTraceException(
                $"The trace is of version {version.GetRawText()}, but this library reads version {AnswerTrace.CurrentVersion}. Capture it again with CaptureTrace, or read it with the library that wrote it.");
        }
    }
}

/// <summary>Values of an enumeration by name, in the spelling of members.</summary>
internal sealed class TraceNameConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
