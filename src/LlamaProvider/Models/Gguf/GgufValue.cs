namespace LlamaProvider.Models.Gguf;

/// <summary>
/// A metadata value. Numbers are held; texts and arrays stay in the file, and only their place, which has been checked to lie inside it, is held.
/// </summary>
internal readonly record struct GgufValue
{
    private readonly ulong _bits;

    private GgufValue(GgufValueType type, GgufValueType elementType, ulong bits, long offset, long byteLength, int count)
    {
        Type = type;
        ElementType = elementType;
        _bits = bits;
        Offset = offset;
        ByteLength = byteLength;
        Count = count;
    }

    public GgufValueType Type { get; }

    /// <summary>The type of the elements; of a value that is no array, its own type.</summary>
    public GgufValueType ElementType { get; }

    /// <summary>Where the text's bytes or the array's elements start in the file.</summary>
    public long Offset { get; }

    /// <summary>How many bytes of the file they take.</summary>
    public long ByteLength { get; }

    /// <summary>The number of elements of an array; 1 otherwise.</summary>
    public int Count { get; }

    /// <summary>The type as messages name it, such as <c>u32</c> or <c>array of string</c>.</summary>
    public string TypeName => Type == GgufValueType.Array
        ? $"array of {GgufValueTypes.NameOf(ElementType)}"
        : GgufValueTypes.NameOf(Type);

    public static GgufValue OfNumber(GgufValueType type, ulong bits) => new(type, type, bits, 0, 0, 1);

    public static GgufValue OfString(long offset, long byteLength) => new(GgufValueType.String, GgufValueType.String, 0, offset, byteLength, 1);

    public static GgufValue OfArray(GgufValueType elementType, int count, long offset, long byteLength) =>
        new(GgufValueType.Array, elementType, 0, offset, byteLength, count);

    public bool IsArrayOf(GgufValueType elementType) => Type == GgufValueType.Array && ElementType == elementType;

    /// <summary>The bytes of a number or truth value, filled up with zeros.</summary>
    public ulong Bits => _bits;

    /// <summary>The number, if the type is exactly this one: llama.cpp converts between none.</summary>
    public ushort? AsUInt16() => Type == GgufValueType.UInt16 ? (ushort)_bits : null;

    /// <inheritdoc cref="AsUInt16"/>
    public uint? AsUInt32() => Type == GgufValueType.UInt32 ? (uint)_bits : null;

    /// <inheritdoc cref="AsUInt16"/>
    public int? AsInt32() => Type == GgufValueType.Int32 ? (int)_bits : null;

    /// <inheritdoc cref="AsUInt16"/>
    public float? AsFloat32() => Type == GgufValueType.Float32 ? BitConverter.UInt32BitsToSingle((uint)_bits) : null;

    /// <inheritdoc cref="AsUInt16"/>
    public bool? AsBool() => Type == GgufValueType.Bool ? _bits != 0 : null;
}
