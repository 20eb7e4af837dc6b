using System.IO.Hashing;
using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>The sets of bytes with which the texts of an expression begin, and what they tell apart. Filled again for each expression; an algebra has one.</summary>
internal sealed class FirstSets
{
    // Bits of a signature.
    private const int MaxSets = 64;

    // Schemas come to the same few maps, whatever they say, and each has two arrays.
    private const int Kept = 8192;

    private static readonly RecentEntries<ByteMap> _bySets = new(Kept);
    private static readonly RecentEntries<ByteMap> _byClasses = new(Kept);

    private readonly List<ByteSet> _sets = [];

    /// <summary>Whether the sets tell all that there is to tell apart.</summary>
    public bool IsKnown { get; private set; } = true;

    public void Clear()
    {
        _sets.Clear();
        IsKnown = true;
    }

    public void Add(ByteSet set)
    {
        if (IsKnown && !_sets.Contains(set))
        {
            _sets.Add(set);
            IsKnown = _sets.Count <= MaxSets;
        }
    }

    public void AddUnknown() => IsKnown = false;

    /// <summary>Bytes that are in the same of the sets are one class. States come to the same few sets again and again, so what those tell apart is remembered, for all algebras.</summary>
    public ByteMap Map()
    {
        UInt128 key = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_sets)));
        if (!_bySets.TryGet(key, out ByteMap? map))
        {
            map = MakeMap();
            _bySets.Set(key, map);
        }

        return map;
    }

    // Different sets often tell the same bytes apart.
    private ByteMap MakeMap()
    {
        Span<byte> representatives = stackalloc byte[256];
        Span<byte> classes = stackalloc byte[256];
        int count = Partition(classes, representatives);
        UInt128 key = XxHash128.HashToUInt128(classes);
        if (!_byClasses.TryGet(key, out ByteMap? map))
        {
            map = new ByteMap(classes.ToArray(), representatives[..count].ToArray());
            _byClasses.Set(key, map);
        }

        return map;
    }

    private int Partition(Span<byte> classes, Span<byte> representatives)
    {
        Span<ulong> signatures = stackalloc ulong[256];
        Span<ulong> known = stackalloc ulong[256];
        Sign(signatures);
        int count = 0;
        for (int value = 0; value < classes.Length; value++)
        {
            int index = known[..count].IndexOf(signatures[value]);
            if (index < 0)
            {
                index = count++;
                known[index] = signatures[value];
                representatives[index] = (byte)value;
            }

            classes[value] = (byte)index;
        }

        return count;
    }

    // A bit for each set that a byte is in.
    private void Sign(Span<ulong> signatures)
    {
        Span<byte> values = stackalloc byte[256];
        signatures.Clear();
        for (int i = 0; i < _sets.Count; i++)
        {
            foreach (byte value in values[.._sets[i].CopyTo(values)])
            {
                signatures[value] |= 1UL << i;
            }
        }
    }
}
