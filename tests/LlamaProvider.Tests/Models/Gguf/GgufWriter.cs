using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using LlamaProvider.Models.Gguf;

namespace LlamaProvider.Tests.Models.Gguf;

/// <summary>Builds the bytes of a GGUF file from keys and tensors, right or wrong as a test needs.</summary>
internal sealed class GgufWriter
{
    private readonly OrderedDictionary<string, object> _entries = new(StringComparer.Ordinal);
    private readonly List<GgufTensor> _tensors = [];
    private ulong? _end;

    public uint Version { get; set; } = 3;

    /// <summary>The counts that the header claims; the true ones if null.</summary>
    public ulong? TensorCount { get; set; }

    public ulong? EntryCount { get; set; }

    /// <summary>The alignment the file is written with, which 'general.alignment' has to state.</summary>
    public uint Alignment { get; set; } = 32;

    /// <summary>The smallest model that passes: a llama of one layer with sixteen tokens.</summary>
    public static GgufWriter Model(string architecture = "llama")
    {
        var writer = new GgufWriter();
        return writer
            .Set("general.architecture", architecture)
            .Set($"{architecture}.context_length", 64u)
            .Set($"{architecture}.embedding_length", 32u)
            .Set($"{architecture}.block_count", 1u)
            .Set($"{architecture}.attention.head_count", 4u)
            .Set("tokenizer.ggml.model", "gpt2")
            .Set("tokenizer.ggml.tokens", Tokens(16))
            .Add("token_embd.weight", 0, 32, 16)
            .Add("blk.0.attn_q.weight", 0, 32, 32);
    }

    public static string[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(token => $"t{token}")];

    /// <summary>Sets a key: numbers, booleans, texts and arrays of them, of exactly the value's type.</summary>
    public GgufWriter Set(string key, object value)
    {
        _entries[key] = value;
        return this;
    }

    public GgufWriter Remove(string key)
    {
        _entries.Remove(key);
        return this;
    }

    /// <summary>Appends a tensor where the format wants it: at the first aligned place after the one before.</summary>
    public GgufWriter Add(string name, uint type, params ulong[] dimensions)
    {
        var offset = _end ?? 0;
        var block = GgmlType.Find(type) ?? GgmlType.Find(GgmlType.F32)!;
        var elements = dimensions.Aggregate(1UL, (product, dimension) => product * dimension);
        return AddAt(name, type, offset, dimensions, elements / block.BlockLength * block.BlockBytes);
    }

    /// <summary>Appends a tensor description as it is.</summary>
    public GgufWriter AddAt(string name, uint type, ulong offset, ulong[] dimensions, ulong bytes = 0)
    {
        _tensors.Add(new GgufTensor(name, dimensions, type, offset));
        _end = Math.Max(_end ?? 0, (offset + bytes + Alignment - 1) / Alignment * Alignment);
        return this;
    }

    public GgufWriter RemoveTensors()
    {
        _tensors.Clear();
        _end = null;
        return this;
    }

    public byte[] ToBytes()
    {
        var metadata = MetadataBytes();
        var start = _tensors.Count == 0 ? metadata.Length : (int)((metadata.Length + Alignment - 1) / Alignment * Alignment);
        var bytes = new byte[start + (int)Math.Min(_end ?? 0, 1 << 20)];
        metadata.CopyTo(bytes, 0);
        return bytes;
    }

    /// <summary>Everything before the data of the tensors and its padding.</summary>
    public byte[] MetadataBytes()
    {
        var bytes = new ArrayBufferWriter<byte>();
        bytes.Write("GGUF"u8);
        WriteUInt32(bytes, Version);
        WriteUInt64(bytes, TensorCount ?? (ulong)_tensors.Count);
        WriteUInt64(bytes, EntryCount ?? (ulong)_entries.Count);
        foreach (var (key, value) in _entries)
        {
            WriteText(bytes, key);
            WriteValue(bytes, value);
        }

        foreach (var tensor in _tensors)
        {
            WriteText(bytes, tensor.Name);
            WriteUInt32(bytes, (uint)tensor.Dimensions.Count);
            foreach (var dimension in tensor.Dimensions)
            {
                WriteUInt64(bytes, dimension);
            }

            WriteUInt32(bytes, tensor.TypeId);
            WriteUInt64(bytes, tensor.Offset);
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteValue(ArrayBufferWriter<byte> bytes, object value)
    {
        if (value is Array array)
        {
            WriteUInt32(bytes, (uint)GgufValueType.Array);
            WriteUInt32(bytes, (uint)TypeOf(array.GetType().GetElementType()!));
            WriteUInt64(bytes, (ulong)array.Length);
            foreach (var element in array)
            {
                WriteBare(bytes, element);
            }

            return;
        }

        WriteUInt32(bytes, (uint)TypeOf(value.GetType()));
        WriteBare(bytes, value);
    }

    private static void WriteBare(ArrayBufferWriter<byte> bytes, object value)
    {
        switch (value)
        {
            case string text: WriteText(bytes, text); break;
            case byte number: bytes.Write([number]); break;
            case sbyte number: bytes.Write([unchecked((byte)number)]); break;
            case bool flag: bytes.Write([flag ? (byte)1 : (byte)0]); break;
            case ushort number: bytes.Write(BitConverter.GetBytes(number)); break;
            case short number: bytes.Write(BitConverter.GetBytes(number)); break;
            case uint number: WriteUInt32(bytes, number); break;
            case int number: WriteUInt32(bytes, unchecked((uint)number)); break;
            case ulong number: WriteUInt64(bytes, number); break;
            case long number: WriteUInt64(bytes, unchecked((ulong)number)); break;
            case float number: WriteUInt32(bytes, BitConverter.SingleToUInt32Bits(number)); break;
            case double number: WriteUInt64(bytes, BitConverter.DoubleToUInt64Bits(number)); break;
            default: throw new ArgumentException($"GGUF has no {value.GetType()}.", nameof(value));
        }
    }

    private static GgufValueType TypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => GgufValueType.UInt8,
        TypeCode.SByte => GgufValueType.Int8,
        TypeCode.UInt16 => GgufValueType.UInt16,
        TypeCode.Int16 => GgufValueType.Int16,
        TypeCode.UInt32 => GgufValueType.UInt32,
        TypeCode.Int32 => GgufValueType.Int32,
        TypeCode.UInt64 => GgufValueType.UInt64,
        TypeCode.Int64 => GgufValueType.Int64,
        TypeCode.Single => GgufValueType.Float32,
        TypeCode.Double => GgufValueType.Float64,
        TypeCode.Boolean => GgufValueType.Bool,
        TypeCode.String => GgufValueType.String,
        _ => throw new ArgumentException($"GGUF has no {type}.", nameof(type)),
    };

    private static void WriteText(ArrayBufferWriter<byte> bytes, string text)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        WriteUInt64(bytes, (ulong)encoded.Length);
        bytes.Write(encoded);
    }

    private static void WriteUInt32(ArrayBufferWriter<byte> bytes, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.GetSpan(sizeof(uint)), value);
        bytes.Advance(sizeof(uint));
    }

    private static void WriteUInt64(ArrayBufferWriter<byte> bytes, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.GetSpan(sizeof(ulong)), value);
        bytes.Advance(sizeof(ulong));
    }
}
