using System.Numerics;
using System.Numerics.Tensors;

namespace LlamaProvider.Decoding.Constraints;

/// <summary>A set of tokens of one vocabulary, a bit each.</summary>
internal sealed class TokenMask
{
    private readonly ulong[] _words;

    /// <param name="size">Tokens of the vocabulary.</param>
    public TokenMask(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        Size = size;
        _words = new ulong[(size + 63) / 64];
    }

    /// <summary>Tokens of the vocabulary.</summary>
    public int Size { get; }

    /// <summary>The bits, token 0 lowest. Those beyond <see cref="Size"/> are always zero.</summary>
    public ReadOnlySpan<ulong> Words => _words;

    /// <summary>Number of tokens in the set.</summary>
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

    public bool this[int token] => (_words[token >> 6] >> (token & 63) & 1) != 0;

    public void Add(int token) => _words[token >> 6] |= 1UL << (token & 63);

    /// <summary>Adds a token, or nothing when the number is negative; without a branch, since in a walk over a vocabulary nobody can guess which it is.</summary>
    public void AddUnlessNegative(int token)
    {
        int isNegative = token >> 31;
        _words[(token & ~isNegative) >> 6] |= (ulong)(isNegative + 1) << (token & 63);
    }

    /// <summary>Adds tokens that are next to each other.</summary>
    /// <param name="index">The place of their word in <see cref="Words"/>.</param>
    /// <param name="tokens">A bit each.</param>
    public void AddWord(int index, ulong tokens) => _words[index] |= tokens;

    public void Remove(int token) => _words[token >> 6] &= ~(1UL << (token & 63));

    public void Clear() => Array.Clear(_words);

    public void AddAll()
    {
        Array.Fill(_words, ulong.MaxValue);
        if ((Size & 63) != 0)
        {
            _words[^1] = (1UL << (Size & 63)) - 1;
        }
    }

    public void CopyFrom(TokenMask other) => other._words.CopyTo(_words.AsSpan());

    /// <summary>Adds the tokens of another set.</summary>
    public void UnionWith(TokenMask other) => UnionWith(other._words);

    /// <summary>Adds the tokens of another set of as many, by its <see cref="Words"/>.</summary>
    public void UnionWith(ReadOnlySpan<ulong> words) => TensorPrimitives.BitwiseOr(_words, words, _words);

    /// <summary>Keeps the tokens that another set has too.</summary>
    public void IntersectWith(TokenMask other) => TensorPrimitives.BitwiseAnd(_words, other._words, _words);

    /// <summary>The lowest token of the set that is not below <paramref name="start"/>; −1 when there is none.</summary>
    public int Next(int start)
    {
        int word = start >> 6;
        if (word >= _words.Length)
        {
            return -1;
        }

        ulong bits = _words[word] & (ulong.MaxValue << (start & 63));
        while (bits == 0)
        {
            if (++word == _words.Length)
            {
                return -1;
            }

            bits = _words[word];
        }

        return (word << 6) + BitOperations.TrailingZeroCount(bits);
    }
}
