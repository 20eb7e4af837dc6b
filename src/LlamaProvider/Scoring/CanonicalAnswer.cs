using System.Globalization;
using System.Text.Json;

namespace LlamaProvider.Scoring;

/// <summary>A form of an answer that all answers have which say the same.</summary>
internal static class CanonicalAnswer
{
    public static string Of(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream))
            {
                Write(document.RootElement, writer);
            }

            return System.Text.Encoding.UTF8.GetString(stream.ToArray());
        }
        catch (JsonException)
        {
            return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private static void Write(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(value));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    /// <summary>1, 1.0 and 1e0 are one number.</summary>
    private static string Number(JsonElement value) => value.TryGetDecimal(out decimal exact)
        ? (exact / 1.000000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : value.TryGetDouble(out double near) && double.IsFinite(near) ? near.ToString("R", CultureInfo.InvariantCulture) : value.GetRawText();
}
