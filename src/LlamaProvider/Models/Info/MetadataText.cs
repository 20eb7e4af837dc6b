using System.Buffers.Binary;
using System.Globalization;
using LlamaProvider.Models.Gguf;

namespace LlamaProvider.Models.Info;

/// <summary>Writes the metadata of a file as people read it.</summary>
internal static class MetadataText
{
    /// <summary>The longest array that is written out: a number for each layer of most models.</summary>
    private const int LongestArray = 128;

    public static OrderedDictionary<string, string> Read(GgufFile file)
    {
        var texts = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, GgufValue value) in file.Metadata)
        {
            texts.Add(key, value.Type switch
            {
                GgufValueType.String => value.ByteLength <= GgufLimits.TextBytes ? file.GetText(key)! : $"text of {value.ByteLength} bytes",
                GgufValueType.Array => ReadArray(file, value),
                _ => Write(value.Type, value.Bits),
            });
        }

        return texts;
    }

    private static string ReadArray(GgufFile file, GgufValue array)
    {
        int size = GgufValueTypes.SizeOf(array.ElementType);
        if (size == 0 || array.Count > LongestArray)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{array.Count} × {GgufValueTypes.NameOf(array.ElementType)}");
        }

        byte[] bytes = file.ReadBytes(array);
        return $"[{string.Join(", ", Enumerable.Range(0, array.Count).Select(index => Write(array.ElementType, BitsOf(bytes.AsSpan(index * size, size)))))}]";
    }

    private static ulong BitsOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> bits = stackalloc byte[sizeof(ulong)];
        bits.Clear();
        bytes.CopyTo(bits);
        return BinaryPrimitives.ReadUInt64LittleEndian(bits);
    }

    private static string Write(GgufValueType type, ulong bits)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        return type switch
        {
            GgufValueType.Int8 => ((sbyte)bits).ToString(culture),
            GgufValueType.Int16 => ((short)bits).ToString(culture),
            GgufValueType.Int32 => ((int)bits).ToString(culture),
            GgufValueType.Int64 => ((long)bits).ToString(culture),
            GgufValueType.Float32 => BitConverter.UInt32BitsToSingle((uint)bits).ToString(culture),
            GgufValueType.Float64 => BitConverter.UInt64BitsToDouble(bits).ToString(culture),
            GgufValueType.Bool => bits != 0 ? "true" : "false",
            _ => bits.ToString(culture),
        };
    }
}
