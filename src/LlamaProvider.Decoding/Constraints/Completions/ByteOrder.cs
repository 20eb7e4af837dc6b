using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>The order in which bytes are tried, so that of several shortest texts a readable one is found.</summary>
internal static class ByteOrder
{
    /// <summary>Small letters, digits but 0 (the year 0000 is a date to JSON Schema and none to .NET), the other visible characters, space, what begins or continues other characters, control characters.</summary>
    public static byte[] Readable { get; } =
    [
        .. Enumerable.Range('a', 26)
            .Concat(Enumerable.Range('1', 9))
            .Concat(Enumerable.Range(0x21, 0x5E))
            .Append(' ')
            .Concat(Enumerable.Range(0x80, 0x7F))
            .Concat(Enumerable.Range(0, 0x20))
            .Append(0x7F)
            .Distinct()
            .Select(static value => (byte)value),
    ];

    private static byte[] Ranks { get; } = [.. Enumerable.Range(0, 256).Select(static value => (byte)Readable.IndexOf((byte)value))];

    /// <summary>A set's bytes in this order.</summary>
    /// <param name="set">The bytes.</param>
    /// <param name="space">Room for 256, which may be used.</param>
    public static ReadOnlySpan<byte> Sort(ByteSet set, Span<byte> space)
    {
        if (set.Equals(ByteSet.All))
        {
            return Readable;
        }

        Span<byte> bytes = space[..set.CopyTo(space)];
        bytes.Sort(static (left, right) => Ranks[left] - Ranks[right]);
        return bytes;
    }
}
