using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace LlamaProvider.Decoding.Constraints.Automata.Expressions;

/// <summary>
/// One of a list of words. A derivative is a range of the sorted list, found by bisection, so a list of 50,000 words costs no more than its bytes.
/// </summary>
internal sealed class WordsExpression(WordList words, int low, int high, int depth) : ByteExpression(
    Hash(7, words.Key, new UInt128((uint)low, (uint)high), depth), words[low].Length == depth)
{
    /// <summary>What is left of the shortest word.</summary>
    public ReadOnlySpan<byte> Shortest
    {
        get
        {
            int shortest = low;
            for (int i = low + 1; i < high; i++)
            {
                shortest = words[i].Length < words[shortest].Length ? i : shortest;
            }

            return words[shortest].AsSpan(depth);
        }
    }

    public override ByteExpression Derive(byte value, ByteAlgebra algebra)
    {
        (int first, int last) = words.Narrow(low, high, depth, value);
        return first == last ? algebra.Nothing : algebra.Words(words, first, last, depth + 1);
    }

    public override void AddFirstSets(FirstSets sets)
    {
        for (int i = words[low].Length == depth ? low + 1 : low; i < high && sets.IsKnown; i = words.Narrow(i, high, depth, words[i][depth]).High)
        {
            sets.Add(ByteSet.Of(words[i][depth]));
        }
    }

    private protected override void AddOwnClasses(ByteClasses classes)
    {
        for (int i = low; i < high; i++)
        {
            foreach (byte value in words[i].AsSpan(depth))
            {
                classes.Add(ByteSet.Of(value));
            }
        }
    }
}

/// <summary>Distinct words in the order of their bytes. Immutable.</summary>
internal sealed class WordList
{
    private readonly byte[][] _words;

    /// <param name="words">The words, in any order, with or without repetitions.</param>
    public WordList(IEnumerable<byte[]> words)
    {
        _words = [.. words];
        Array.Sort(_words, static (left, right) => left.AsSpan().SequenceCompareTo(right));
        int count = 0;
        for (int i = 0; i < _words.Length; i++)
        {
            if (count == 0 || !_words[i].AsSpan().SequenceEqual(_words[count - 1]))
            {
                _words[count++] = _words[i];
            }
        }

        Array.Resize(ref _words, count);
        Key = Hash(_words);
    }

    public UInt128 Key { get; }

    public int Count => _words.Length;

    public byte[] this[int index] => _words[index];

    /// <summary>The words from <paramref name="low"/> to <paramref name="high"/>, which agree on <paramref name="depth"/> bytes, whose next byte is <paramref name="value"/>.</summary>
    public (int Low, int High) Narrow(int low, int high, int depth, byte value) => Narrow(_words, low, high, depth, value);

    /// <summary>The same in words that are sorted by their bytes.</summary>
    public static (int Low, int High) Narrow(ReadOnlySpan<byte[]> words, int low, int high, int depth, byte value)
    {
        if (low == high)
        {
            return (low, low);
        }

        int first = FirstFrom(words, low, high, depth, value);
        return (first, FirstFrom(words, first, high, depth, value + 1));
    }

    private static UInt128 Hash(byte[][] words)
    {
        byte[] content = ArrayPool<byte>.Shared.Rent(words.Sum(static word => sizeof(int) + word.Length));
        int length = 0;
        foreach (byte[] word in words)
        {
            BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(length), word.Length);
            word.CopyTo(content, length + sizeof(int));
            length += sizeof(int) + word.Length;
        }

        UInt128 hash = XxHash128.HashToUInt128(content.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(content);
        return hash;
    }

    private static int FirstFrom(ReadOnlySpan<byte[]> words, int low, int high, int depth, int value)
    {
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            byte[] word = words[middle];
            if (word.Length == depth || word[depth] < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
