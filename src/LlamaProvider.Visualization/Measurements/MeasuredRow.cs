using System.Text.Json;
using LlamaProvider.Decoding;

namespace LlamaProvider.Visualization.Measurements;

/// <summary>A measured figure beside its peer's, as benchmarks write it with <c>--json</c>.</summary>
/// <param name="Figure">What was measured, with model and conditions.</param>
/// <param name="Ours">The value measured here, the median of its rounds.</param>
/// <param name="Peer">What the peer is; <see langword="null"/> without one.</param>
/// <param name="PeerValue">The peer's value; <see langword="null"/> when there is none or it could not run.</param>
/// <param name="Unit">The unit of both values.</param>
public sealed record MeasuredRow(string Figure, double Ours, string? Peer, double? PeerValue, string Unit)
{
    private const string Remedy = "Give what a benchmark wrote with --json, whole.";

    /// <summary>Reads the rows of a benchmark's report.</summary>
    /// <param name="json">The report: an object with <c>rows</c>.</param>
    /// <exception cref="InvalidMeasurementsException">The text is no such report.</exception>
    public static IReadOnlyList<MeasuredRow> ReadReport(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("rows", out JsonElement rows) || rows.ValueKind != JsonValueKind.Array)
            {
                throw new InvalidMeasurementsException($"The report has no rows. {Remedy}");
            }

            return [.. rows.EnumerateArray().Select((row, index) => Read(row, index))];
        }
        catch (JsonException error)
        {
            throw new InvalidMeasurementsException(FormattableString.Invariant($"The report is no JSON: it is cut short or damaged at line {error.LineNumber + 1}. {Remedy}"), error);
        }
    }

    private static MeasuredRow Read(JsonElement row, int index) => new(
        Member(row, index, "figure", JsonValueKind.String).GetString()!,
        Member(row, index, "ours", JsonValueKind.Number).GetDouble(),
        Optional(row, "peer", JsonValueKind.String)?.GetString(),
        Optional(row, "peerValue", JsonValueKind.Number)?.GetDouble(),
        Member(row, index, "unit", JsonValueKind.String).GetString()!);

    private static JsonElement Member(JsonElement row, int index, string name, JsonValueKind kind) => Optional(row, name, kind)
        ?? throw new InvalidMeasurementsException(FormattableString.Invariant($"Row {index} of the report has no {kind.ToString().ToLowerInvariant()} '{name}'. {Remedy}"));

    private static JsonElement? Optional(JsonElement row, string name, JsonValueKind kind) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out JsonElement value) && value.ValueKind == kind ? value : null;
}

/// <summary>A text holds no measurements that figures can be drawn of.</summary>
public sealed class InvalidMeasurementsException : LlamaException
{
    internal InvalidMeasurementsException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
