namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>Kinds of bytes of which most languages that allow one allow all. They are numbered, those that most tokens are made of first; a set of them is a bit each.</summary>
internal static class ByteKinds
{
    /// <summary>How many there are.</summary>
    public const int Count = 11;

    private static readonly byte[][] Bytes = [.. Enumerable.Range(0, Count).Select(ListOf)];
    private static readonly ushort[] Sets = [.. Enumerable.Range(0, 256).Select(static value => (ushort)(1 << KindOf((byte)value)))];

    /// <summary>The set of a byte's kind alone.</summary>
    public static ushort SetOf(byte value) => Sets[value];

    /// <summary>The bytes of a kind.</summary>
    public static ReadOnlySpan<byte> BytesOf(int kind) => Bytes[kind];

    private static byte[] ListOf(int kind) => [.. Enumerable.Range(0, 256).Select(static value => (byte)value).Where(value => KindOf(value) == kind)];

    private static int KindOf(byte value) => value switch
    {
        >= (byte)'a' and <= (byte)'z' => 0,
        (byte)' ' => 1,
        >= (byte)'A' and <= (byte)'Z' => 2,
        >= (byte)'0' and <= (byte)'9' => 3,
        (byte)'_' => 4,
        (byte)'-' => 5,
        (byte)'.' => 6,
        (byte)'/' => 7,
        >= 0x80 => 8,

        // What JSON writes by escapes.
        < 0x20 or 0x7F or (byte)'"' or (byte)'\\' => 9,
        _ => 10,
    };
}
