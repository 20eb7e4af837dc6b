namespace LlamaProvider.Decoding.Constraints;

/// <summary>Entries by their keys, as lists through the entries themselves: of thousands the table adds no object and but a reference each.</summary>
/// <remarks>
/// Linear hashing (Litwin, "Linear Hashing: A New Tool for File and Table Addressing", 1980): with each entry that is added one bucket is split, in turn. A table that doubles would stop a single mask to
/// move tens of thousands of entries. One thread at a time.
/// </remarks>
/// <typeparam name="TKey">What entries are found by.</typeparam>
/// <typeparam name="TEntry">The entries; each may be in one table.</typeparam>
/// <typeparam name="TLinks">What the table asks of entries, as a type of its own that costs no call.</typeparam>
internal sealed class ChainedTable<TKey, TEntry, TLinks>
    where TKey : IEquatable<TKey>
    where TEntry : class
    where TLinks : IChainedLinks<TKey, TEntry>
{
    private const int SegmentBits = 5;
    private const int SegmentSize = 1 << SegmentBits;

    private TEntry?[][] _segments = [];

    // A power of two: the buckets that there were before any of them was split for the next.
    private int _round = SegmentSize;
    private int _split;

    /// <summary>Entries that are in it.</summary>
    public int Count { get; private set; }

    /// <summary>The entry with a key; <see langword="null"/> when there is none.</summary>
    public TEntry? Find(TKey key)
    {
        TEntry? entry = Count == 0 ? null : BucketOf(TLinks.HashOf(key));
        while (entry is not null && !TLinks.KeyOf(entry).Equals(key))
        {
            entry = TLinks.Next(entry);
        }

        return entry;
    }

    /// <summary>Adds an entry whose key is not in it.</summary>
    public void Add(TEntry entry)
    {
        if (Count == 0)
        {
            AddBucket(0);
        }

        Push(entry);
        if (++Count > _round + _split)
        {
            Split();
        }
    }

    private ref TEntry? BucketOf(int hash)
    {
        int bucket = hash & (_round - 1);
        return ref Bucket(bucket < _split ? hash & ((2 * _round) - 1) : bucket);
    }

    private ref TEntry? Bucket(int bucket) => ref _segments[bucket >> SegmentBits][bucket & (SegmentSize - 1)];

    /// <summary>Divides the next bucket between itself and a new one.</summary>
    private void Split()
    {
        AddBucket(_round + _split);
        ref TEntry? old = ref Bucket(_split);
        TEntry? rest = old;
        old = null;
        if (++_split == _round)
        {
            _round *= 2;
            _split = 0;
        }

        while (rest is not null)
        {
            TEntry entry = rest;
            rest = TLinks.Next(rest);
            Push(entry);
        }
    }

    private void AddBucket(int bucket)
    {
        int segment = bucket >> SegmentBits;
        if (segment == _segments.Length)
        {
            Array.Resize(ref _segments, Math.Max(1, 2 * segment));
        }

        _segments[segment] ??= new TEntry?[SegmentSize];
    }

    private void Push(TEntry entry)
    {
        ref TEntry? bucket = ref BucketOf(TLinks.HashOf(TLinks.KeyOf(entry)));
        TLinks.Next(entry) = bucket;
        bucket = entry;
    }
}

/// <summary>What <see cref="ChainedTable{TKey, TEntry, TLinks}"/> asks of entries.</summary>
/// <typeparam name="TKey">What they are found by.</typeparam>
/// <typeparam name="TEntry">The entries.</typeparam>
internal interface IChainedLinks<TKey, TEntry>
{
    static abstract TKey KeyOf(TEntry entry);

    static abstract int HashOf(TKey key);

    /// <summary>What follows an entry in its bucket.</summary>
    static abstract ref TEntry? Next(TEntry entry);
}
