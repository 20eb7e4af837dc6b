using System.Numerics;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>A set of byte values.</summary>
internal readonly record struct ByteSet(ulong Bits0, ulong Bits1, ulong Bits2, ulong Bits3)
{
    public static ByteSet All { get; } = new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    public bool IsEmpty => (Bits0 | Bits1 | Bits2 | Bits3) == 0;

    public int Count => BitOperations.PopCount(Bits0) + BitOperations.PopCount(Bits1) + BitOperations.PopCount(Bits2) + BitOperations.PopCount(Bits3);

    /// <summary>The lowest value of a set that is not empty.</summary>
    public byte First => (byte)(
        Bits0 != 0 ? BitOperations.TrailingZeroCount(Bits0) :
        Bits1 != 0 ? 64 + BitOperations.TrailingZeroCount(Bits1) :
        Bits2 != 0 ? 128 + BitOperations.TrailingZeroCount(Bits2) : 192 + BitOperations.TrailingZeroCount(Bits3));

    public static ByteSet Of(byte value) => Range(value, value);

    /// <summary>The values from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public static ByteSet Range(byte first, byte last) => new(Word(first, last, 0), Word(first, last, 64), Word(first, last, 128), Word(first, last, 192));

    public static ByteSet operator |(ByteSet left, ByteSet right) =>
        new(left.Bits0 | right.Bits0, left.Bits1 | right.Bits1, left.Bits2 | right.Bits2, left.Bits3 | right.Bits3);

    public static ByteSet operator &(ByteSet left, ByteSet right) =>
        new(left.Bits0 & right.Bits0, left.Bits1 & right.Bits1, left.Bits2 & right.Bits2, left.Bits3 & right.Bits3);

    public static ByteSet operator ~(ByteSet set) => new(~set.Bits0, ~set.Bits1, ~set.Bits2, ~set.Bits3);

    // What a record compares itself by takes a call for each word.
    public bool Equals(ByteSet other) => Bits0 == other.Bits0 && Bits1 == other.Bits1 && Bits2 == other.Bits2 && Bits3 == other.Bits3;

    public override int GetHashCode() => HashCode.Combine(Bits0, Bits1, Bits2, Bits3);

    public bool Contains(byte value) => ((value >> 6) switch { 0 => Bits0, 1 => Bits1, 2 => Bits2, _ => Bits3 } >> (value & 63) & 1) != 0;

    /// <summary>Writes the values in their order.</summary>
    /// <param name="values">Receives them; 256 at most.</param>
    /// <returns>How many they are.</returns>
    public int CopyTo(Span<byte> values)
    {
        int count = 0;
        count = Copy(Bits0, 0, values, count);
        count = Copy(Bits1, 64, values, count);
        count = Copy(Bits2, 128, values, count);
        return Copy(Bits3, 192, values, count);
    }

    private static int Copy(ulong word, int offset, Span<byte> values, int count)
    {
        for (; word != 0; word &= word - 1)
        {
            values[count++] = (byte)(offset + BitOperations.TrailingZeroCount(word));
        }

        return count;
    }

    private static ulong Word(int first, int last, int offset)
    {
        int low = Math.Max(first - offset, 0);
        int high = Math.Min(last - offset, 63);
        return low > high ? 0 : (ulong.MaxValue << low) & (ulong.MaxValue >> (63 - high));
    }
}
