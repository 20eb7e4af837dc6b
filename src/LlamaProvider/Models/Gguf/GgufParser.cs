using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace LlamaProvider.Models.Gguf;

/// <summary>What a file contains, as far as it can be read without knowing what the keys mean.</summary>
internal sealed record GgufContents(
    uint Version,
    OrderedDictionary<string, GgufValue> Metadata,
    IReadOnlyList<GgufTensor> Tensors,
    uint Alignment,
    long DataOffset);

/// <summary>
/// Reads header, metadata and tensor descriptions in file order (the GGUF specification, ggml's docs/gguf.md). Every length is checked against the
/// bytes that the file really has before anything is allocated for it.
/// </summary>
internal sealed class GgufParser(GgufByteReader reader, string path)
{
    /// <summary>The alignment of a file that does not state one.</summary>
    private const uint DefaultAlignment = 32;

    /// <summary>Length of an empty key, value type and the smallest value: an entry cannot take fewer bytes.</summary>
    private const long SmallestEntryBytes = sizeof(ulong) + 1 + sizeof(uint) + 1;

    /// <summary>Length of an empty name, number of dimensions, type and offset.</summary>
    private const long SmallestTensorBytes = sizeof(ulong) + 1 + sizeof(uint) + sizeof(uint) + sizeof(ulong);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public GgufContents Parse()
    {
        ReadMagic();
        var version = ReadVersion();
        var tensorClaim = reader.ReadUInt64("the number of tensors");
        var entryClaim = reader.ReadUInt64("the number of metadata entries");
        var tensorCount = CheckCount(tensorClaim, "tensors", SmallestTensorBytes, GgufLimits.Tensors);
        var entryCount = CheckCount(entryClaim, "metadata entries", SmallestEntryBytes, GgufLimits.MetadataEntries);
        var metadata = ReadMetadata(entryCount);
        var alignment = AlignmentOf(metadata);
        var tensors = ReadTensors(tensorCount);
        var padding = (alignment - (reader.Position % alignment)) % alignment;
        if (tensors.Count > 0)
        {
            reader.Skip(padding, "the padding before the tensor data");
        }

        return new GgufContents(version, metadata, tensors, alignment, reader.Position);
    }

    private void ReadMagic()
    {
        if (reader.Remaining == 0)
        {
            throw Fail($"the file is empty. {Remedy.CopyAgain}");
        }

        var start = reader.Take((int)Math.Min(reader.Remaining, FileSignature.Bytes), "the magic");
        if (!start.StartsWith("GGUF"u8))
        {
            throw Fail(FileSignature.Describe(start));
        }

        reader.Seek(sizeof(uint));
    }

    private uint ReadVersion()
    {
        var version = reader.ReadUInt32("the version");
        return version switch
        {
            2 or 3 => version,
            1 => throw Fail("it is GGUF version 1; versions 2 and 3 can be read. Convert the model again with a current llama.cpp."),
            _ when (version & 0xFFFF) == 0 && version != 0 =>
                throw Fail("it is a big-endian GGUF file; only little-endian ones can be read. Download or convert the little-endian file."),
            _ => throw Fail($"it is GGUF version {version}; versions 2 and 3 can be read. {Remedy.TooNew}"),
        };
    }

    private int CheckCount(ulong count, string noun, long smallestBytes, int limit)
    {
        if (count > (ulong)(reader.Remaining / smallestBytes))
        {
            throw Fail($"it claims {count} {noun}, but has {reader.Remaining} bytes left. {Remedy.CopyAgain}");
        }

        return count <= (ulong)limit
            ? (int)count
            : throw Fail($"it claims {count} {noun}; at most {limit} are read. {Remedy.ConvertAgain}");
    }

    private OrderedDictionary<string, GgufValue> ReadMetadata(int count)
    {
        // Not sized by the count: it is a claim until the entries have been read.
        var metadata = new OrderedDictionary<string, GgufValue>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = ReadName($"key {i}", GgufLimits.KeyBytes);
            var type = (GgufValueType)reader.ReadUInt32("the type of a value");
            if (!metadata.TryAdd(key, ReadValue(key, type)))
            {
                throw Fail($"the key '{key}' appears twice. {Remedy.ConvertAgain}");
            }
        }

        return metadata;
    }

    private GgufValue ReadValue(string key, GgufValueType type)
    {
        if (type == GgufValueType.Array)
        {
            return ReadArray(key);
        }

        if (type == GgufValueType.String)
        {
            var length = ReadStringLength("the length of a text");
            var offset = reader.Position;
            reader.Skip(length, "a text");
            return GgufValue.OfString(offset, length);
        }

        var size = GgufValueTypes.SizeOf(type);
        if (size == 0)
        {
            throw Fail($"the key '{key}' has a value of {GgufValueTypes.NameOf(type)}, which GGUF does not define. {Remedy.CopyAgain}");
        }

        Span<byte> bits = stackalloc byte[sizeof(ulong)];
        bits.Clear();
        reader.Take(size, "a value").CopyTo(bits);
        return GgufValue.OfNumber(type, BinaryPrimitives.ReadUInt64LittleEndian(bits));
    }

    private GgufValue ReadArray(string key)
    {
        var elementType = (GgufValueType)reader.ReadUInt32("the element type of an array");
        var count = reader.ReadUInt64("the length of an array");
        var offset = reader.Position;
        var smallest = elementType == GgufValueType.String ? sizeof(ulong) : GgufValueTypes.SizeOf(elementType);
        if (smallest == 0)
        {
            throw Fail(
                $"the key '{key}' holds an array of {GgufValueTypes.NameOf(elementType)}; numbers, booleans and texts can be read. " +
                $"{Remedy.CopyAgain}");
        }

        if (count > (ulong)(reader.Remaining / smallest) || count > GgufLimits.ArrayElements)
        {
            throw Fail($"the key '{key}' claims {count} elements, but the file has {reader.Remaining} bytes left. {Remedy.CopyAgain}");
        }

        SkipElements(elementType, (long)count, smallest);
        return GgufValue.OfArray(elementType, (int)count, offset, reader.Position - offset);
    }

    private void SkipElements(GgufValueType elementType, long count, int size)
    {
        if (elementType != GgufValueType.String)
        {
            reader.Skip(count * size, "an array");
            return;
        }

        for (var i = 0L; i < count; i++)
        {
            reader.Skip(ReadStringLength("the length of a text"), "a text of an array");
        }
    }

    private long ReadStringLength(string what)
    {
        var length = reader.ReadUInt64(what);
        return length <= GgufLimits.StringBytes
            ? (long)length
            : throw Fail($"a text claims {length} bytes; at most {GgufLimits.StringBytes} are read. {Remedy.CopyAgain}");
    }

    /// <summary>A key or a tensor name. llama.cpp cuts names at a zero byte, so two different ones could become the same.</summary>
    private string ReadName(string what, int limit)
    {
        var length = ReadStringLength($"the length of {what}");
        if (length is 0 || length > limit)
        {
            throw Fail($"{what} has {length} bytes; a name has 1 to {limit}. {Remedy.CopyAgain}");
        }

        try
        {
            var bytes = reader.Take((int)length, what);
            return bytes.Contains((byte)0)
                ? throw Fail($"{what} contains a zero byte. {Remedy.CopyAgain}")
                : StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new ModelLoadException(path, $"{what} is not valid UTF-8. {Remedy.CopyAgain}", exception);
        }
    }

    private uint AlignmentOf(OrderedDictionary<string, GgufValue> metadata)
    {
        if (!metadata.TryGetValue("general.alignment", out var value))
        {
            return DefaultAlignment;
        }

        var alignment = value.AsUInt32()
            ?? throw Fail($"'general.alignment' is {value.TypeName}; it must be u32. {Remedy.ConvertAgain}");
        return BitOperations.IsPow2(alignment)
            ? alignment
            : throw Fail($"'general.alignment' is {alignment}; it must be a power of two. {Remedy.ConvertAgain}");
    }

    private List<GgufTensor> ReadTensors(int count)
    {
        var tensors = new List<GgufTensor>();
        for (var i = 0; i < count; i++)
        {
            var name = ReadName($"the name of tensor {i}", GgufLimits.TensorNameBytes);
            var dimensionCount = reader.ReadUInt32("the number of dimensions of a tensor");
            if (dimensionCount > GgufLimits.Dimensions)
            {
                throw Fail($"tensor '{name}' has {dimensionCount} dimensions; at most {GgufLimits.Dimensions} are allowed. {Remedy.CopyAgain}");
            }

            var dimensions = new ulong[dimensionCount];
            foreach (ref var dimension in dimensions.AsSpan())
            {
                dimension = reader.ReadUInt64("a dimension of a tensor");
            }

            tensors.Add(new GgufTensor(name, dimensions, reader.ReadUInt32("the type of a tensor"), reader.ReadUInt64("the offset of a tensor")));
        }

        return tensors;
    }

    private ModelLoadException Fail(string problem) => new(path, problem);
}
