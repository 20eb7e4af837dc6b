using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HostedService.Wire;

/// <summary>A vector, written as an array of numbers or as the Base64 of its bytes, which are little-endian floats on every machine.</summary>
/// <param name="Values">The values.</param>
/// <param name="AsBase64">Which of the two.</param>
[JsonConverter(typeof(EmbeddingVectorConverter))]
internal sealed record EmbeddingVector(ReadOnlyMemory<float> Values, bool AsBase64);

/// <summary>Writes vectors; nothing here reads any.</summary>
internal sealed class EmbeddingVectorConverter : JsonConverter<EmbeddingVector>
{
    public override EmbeddingVector Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new JsonException("Vectors are written only.");

    public override void Write(Utf8JsonWriter writer, EmbeddingVector value, JsonSerializerOptions options)
    {
        ReadOnlySpan<float> values = value.Values.Span;
        if (value.AsBase64)
        {
            WriteBase64(writer, values);
            return;
        }

        writer.WriteStartArray();
        foreach (float number in values)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static void WriteBase64(Utf8JsonWriter writer, ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        writer.WriteBase64StringValue(bytes);
    }
}
