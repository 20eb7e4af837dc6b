using System.Numerics;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Plans;

/// <summary>A set of an object's mentioned names, by index. Immutable.</summary>
internal readonly struct MemberSet : IEquatable<MemberSet>
{
    private readonly ulong[] _words;

    private MemberSet(ulong[] words) => _words = words;

    public int Count
    {
        get
        {
            int count = 0;
            foreach (ulong word in _words)
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    public bool IsEmpty => !_words.AsSpan().ContainsAnyExcept(0UL);

    public bool this[int index] => (_words[index >> 6] >> (index & 63) & 1) != 0;

    public static MemberSet None(int size) => new(new ulong[(size + 63) / 64]);

    /// <summary>The indices from 0 to below <paramref name="size"/> for which a condition holds.</summary>
    public static MemberSet Where(int size, Predicate<int> holds)
    {
        var words = new ulong[(size + 63) / 64];
        for (int i = 0; i < size; i++)
        {
            words[i >> 6] |= holds(i) ? 1UL << (i & 63) : 0;
        }

        return new MemberSet(words);
    }

    public MemberSet With(int index)
    {
        ulong[] words = [.. _words];
        words[index >> 6] |= 1UL << (index & 63);
        return new MemberSet(words);
    }

    public MemberSet Union(MemberSet other) => Combine(other, static (left, right) => left | right);

    public MemberSet Intersect(MemberSet other) => Combine(other, static (left, right) => left & right);

    public MemberSet Except(MemberSet other) => Combine(other, static (left, right) => left & ~right);

    public bool IsSubsetOf(MemberSet other)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            if ((_words[i] & ~other._words[i]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether any index from <paramref name="low"/> to below <paramref name="high"/> is in the set.</summary>
    public bool HasAny(int low, int high)
    {
        for (int i = low; i < high;)
        {
            ulong bits = _words[i >> 6] >> (i & 63);
            int width = Math.Min(64 - (i & 63), high - i);
            if (bits != 0 && BitOperations.TrailingZeroCount(bits) < width)
            {
                return true;
            }

            i += width;
        }

        return false;
    }

    public bool Equals(MemberSet other) => _words.AsSpan().SequenceEqual(other._words);

    public override bool Equals(object? obj) => obj is MemberSet other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (ulong word in _words)
        {
            hash.Add(word);
        }

        return hash.ToHashCode();
    }

    private MemberSet Combine(MemberSet other, Func<ulong, ulong, ulong> combine)
    {
        var words = new ulong[_words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = combine(_words[i], other._words[i]);
        }

        return new MemberSet(words);
    }
}
