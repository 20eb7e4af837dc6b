using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Constraints.Regex.Encodings;

/// <summary>One place of a positional notation.</summary>
/// <param name="Bits">How many bits a digit holds.</param>
/// <param name="Digits">The bytes that write each digit.</param>
/// <param name="Prefix">The bytes that stand before the digit.</param>
internal sealed record DigitPlace(int Bits, ByteSet[] Digits, ByteSet[] Prefix)
{
    /// <summary>A digit that is a byte with fixed high bits.</summary>
    public static DigitPlace Byte(int bits, int mark) =>
        new(bits, [.. Enumerable.Range(0, 1 << bits).Select(digit => ByteSet.Of((byte)(mark | digit)))], []);

    /// <summary>A hexadecimal digit of either case, or the low bits of one whose other bits are fixed.</summary>
    public static DigitPlace Hex(int bits, int mark, string prefix = "") =>
        new(bits, [.. Enumerable.Range(mark, 1 << bits).Select(HexDigit)], [.. prefix.Select(PrefixByte)]);

    private static ByteSet PrefixByte(char character) =>
        char.IsAsciiHexDigitUpper(character) ? HexDigit(character - 'A' + 10) : ByteSet.Of((byte)character);

    private static ByteSet HexDigit(int digit) =>
        digit < 10 ? ByteSet.Of((byte)('0' + digit)) : ByteSet.Of((byte)('a' + digit - 10)) | ByteSet.Of((byte)('A' + digit - 10));
}

/// <summary>
/// A notation of fixed length for the code points of <see cref="Domain"/>: UTF-8 of so many bytes, or an escape.
/// </summary>
/// <remarks>
/// A set becomes a tree of digits in which digits with the same remainder share it, so that the expression has about the size of the smallest automaton: all code points
/// of three bytes are two branches, not 63,488 leaves.
/// </remarks>
internal sealed class DigitLayout
{
    private readonly DigitPlace[] _places;
    private readonly int[] _shifts;
    private readonly int _offset;

    /// <param name="first">The first code point that is written so.</param>
    /// <param name="last">The last one.</param>
    /// <param name="offset">What is taken from a code point before its digits are written.</param>
    /// <param name="places">The places, highest first.</param>
    public DigitLayout(int first, int last, int offset, params DigitPlace[] places)
    {
        Domain = CodePointSet.Of(first, last);
        _offset = offset;
        _places = places;
        _shifts = new int[places.Length];
        for (int i = places.Length - 2; i >= 0; i--)
        {
            _shifts[i] = _shifts[i + 1] + places[i + 1].Bits;
        }
    }

    /// <summary>The code points that are written so.</summary>
    public CodePointSet Domain { get; }

    public ByteExpression Encode(CodePointSet set, ByteAlgebra algebra)
    {
        CodePointSet own = set.Intersect(Domain);
        if (own.IsEmpty)
        {
            return algebra.Nothing;
        }

        var ranges = new List<CodePointRange>(own.Ranges.Length);
        foreach (CodePointRange range in own.Ranges)
        {
            ranges.Add(new CodePointRange(range.First - _offset, range.Last - _offset));
        }

        return Encode(ranges, 0, algebra);
    }

    private ByteExpression Encode(List<CodePointRange> ranges, int place, ByteAlgebra algebra)
    {
        if (place == _places.Length)
        {
            return algebra.Empty;
        }

        var digitsByRest = new Dictionary<ByteExpression, ByteSet>();
        var partial = new SortedDictionary<int, List<CodePointRange>>();
        ByteSet full = default;
        int shift = _shifts[place];
        int largest = (1 << shift) - 1;
        foreach (CodePointRange range in ranges)
        {
            for (int digit = range.First >> shift; digit <= range.Last >> shift; digit++)
            {
                int low = Math.Max(range.First - (digit << shift), 0);
                int high = Math.Min(range.Last - (digit << shift), largest);
                if (low == 0 && high == largest)
                {
                    full |= _places[place].Digits[digit];
                }
                else if (partial.TryGetValue(digit, out List<CodePointRange>? known))
                {
                    known.Add(new CodePointRange(low, high));
                }
                else
                {
                    partial.Add(digit, [new CodePointRange(low, high)]);
                }
            }
        }

        if (!full.IsEmpty)
        {
            digitsByRest.Add(Encode([new CodePointRange(0, largest)], place + 1, algebra), full);
        }

        foreach ((int digit, List<CodePointRange> rest) in partial)
        {
            ByteExpression expression = Encode(rest, place + 1, algebra);
            digitsByRest[expression] = digitsByRest.GetValueOrDefault(expression) | _places[place].Digits[digit];
        }

        ByteExpression digits = algebra.Choice([.. digitsByRest.Select(pair => algebra.Sequence(algebra.Bytes(pair.Value), pair.Key))]);
        return algebra.Sequence([.. _places[place].Prefix.Select(algebra.Bytes), digits]);
    }
}
