using System.Buffers.Binary;
using System.Text;

namespace LlamaProvider.Models.Gguf;

/// <summary>The texts of a vocabulary as bytes, in one block: no string is made for any of them.</summary>
internal sealed class TokenTable
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;

    private TokenTable(byte[] bytes, int[] starts)
    {
        _bytes = bytes;
        _starts = starts;
    }

    public int Count => _starts.Length;

    /// <summary>The text as llama.cpp sees it: it reads C strings, so a zero byte ends it, and it names an empty token by its number.</summary>
    public ReadOnlySpan<byte> this[int token]
    {
        get
        {
            var start = _starts[token];
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(start - sizeof(ulong)));
            var text = _bytes.AsSpan(start, length);
            var end = text.IndexOf((byte)0);
            text = end < 0 ? text : text[..end];
            return text.IsEmpty ? Encoding.ASCII.GetBytes($"[EMPTY_{token}]") : text;
        }
    }

    /// <summary>Reads an array of texts, which the parser has checked to be well formed.</summary>
    public static TokenTable Read(GgufFile file, GgufValue array)
    {
        var bytes = file.ReadBytes(array);
        var starts = new int[array.Count];
        var position = 0;
        foreach (ref var start in starts.AsSpan())
        {
            start = position + sizeof(ulong);
            position = checked(start + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(position)));
        }

        return new TokenTable(bytes, starts);
    }

    /// <summary>A token whose text another token has too, with that token; null if all differ.</summary>
    public (int First, int Second)? FindDuplicate()
    {
        var seen = new Dictionary<int, int>(Count, new TextComparer(this));
        for (var token = 0; token < Count; token++)
        {
            if (!seen.TryAdd(token, token))
            {
                return (seen[token], token);
            }
        }

        return null;
    }

    /// <summary>Compares tokens by their texts.</summary>
    private sealed class TextComparer(TokenTable table) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => table[x].SequenceEqual(table[y]);

        public int GetHashCode(int token)
        {
            var hash = default(HashCode);
            hash.AddBytes(table[token]);
            return hash.ToHashCode();
        }
    }
}
