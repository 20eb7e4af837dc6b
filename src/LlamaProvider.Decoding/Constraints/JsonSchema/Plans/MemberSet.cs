using System.Numerics;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>A set of an object's mentioned names, by index. Immutable.</summary>
internal readonly struct MemberSet : IEquatable<MemberSet>
{
    private const int WordBits = 64;

    // Most objects mention fewer names than a word has bits, and each of their places has sets.
    private readonly ulong _first;
    private readonly ulong[]? _more;

    private MemberSet(ulong first, ulong[]? more) => (_first, _more) = (first, more);

    private MemberSet(ReadOnlySpan<ulong> words)
        : this(words.IsEmpty ? 0 : words[0], words.Length <= 1 ? null : words[1..].ToArray())
    {
    }

    public int Count
    {
        get
        {
            int count = BitOperations.PopCount(_first);
            foreach (ulong word in More)
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    public bool IsEmpty => _first == 0 && !More.ContainsAnyExcept(0UL);

    private ReadOnlySpan<ulong> More => _more;

    public bool this[int index] => (Word(index / WordBits) >> (index % WordBits) & 1) != 0;

    public static MemberSet None(int size) => new(0, size <= WordBits ? null : new ulong[(size - 1) / WordBits]);

    /// <summary>The indices from 0 to below <paramref name="size"/> for which a condition holds.</summary>
    public static MemberSet Where(int size, Predicate<int> holds)
    {
        Span<ulong> words = size <= WordBits ? stackalloc ulong[1] : new ulong[((size - 1) / WordBits) + 1];
        words.Clear();
        for (int i = 0; i < size; i++)
        {
            words[i / WordBits] |= holds(i) ? 1UL << (i % WordBits) : 0;
        }

        return new MemberSet(words);
    }

    public MemberSet With(int index)
    {
        if (index < WordBits)
        {
            return new MemberSet(_first | (1UL << index), _more);
        }

        ulong[] more = [.. More];
        more[(index / WordBits) - 1] |= 1UL << (index % WordBits);
        return new MemberSet(_first, more);
    }

    public MemberSet Union(MemberSet other) => Combine(other, static (left, right) => left | right);

    public MemberSet Intersect(MemberSet other) => Combine(other, static (left, right) => left & right);

    public MemberSet Except(MemberSet other) => Combine(other, static (left, right) => left & ~right);

    public bool IsSubsetOf(MemberSet other) => Except(other).IsEmpty;

    /// <summary>Whether any index from <paramref name="low"/> to below <paramref name="high"/> is in the set.</summary>
    public bool HasAny(int low, int high)
    {
        for (int i = low; i < high;)
        {
            ulong bits = Word(i / WordBits) >> (i % WordBits);
            int width = Math.Min(WordBits - (i % WordBits), high - i);
            if (bits != 0 && BitOperations.TrailingZeroCount(bits) < width)
            {
                return true;
            }

            i += width;
        }

        return false;
    }

    public bool Equals(MemberSet other) => _first == other._first && More.SequenceEqual(other.More);

    public override bool Equals(object? obj) => obj is MemberSet other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(_first);
        foreach (ulong word in More)
        {
            hash.Add(word);
        }

        return hash.ToHashCode();
    }

    private ulong Word(int index) => index == 0 ? _first : _more![index - 1];

    private MemberSet Combine(MemberSet other, Func<ulong, ulong, ulong> combine)
    {
        ulong[]? more = _more is null ? null : new ulong[_more.Length];
        for (int i = 0; i < (more?.Length ?? 0); i++)
        {
            more![i] = combine(_more![i], other._more![i]);
        }

        return new MemberSet(combine(_first, other._first), more);
    }
}
