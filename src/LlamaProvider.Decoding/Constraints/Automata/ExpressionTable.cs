namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>The expressions of an algebra by their keys.</summary>
/// <remarks>
/// Linear hashing (Litwin, "Linear Hashing: A New Tool for File and Table Addressing", 1980): with each expression that is added one bucket is split, in turn. A table that doubles
/// would stop a single mask to move tens of thousands of expressions. Those of a bucket are a list through themselves. One thread at a time.
/// </remarks>
internal sealed class ExpressionTable
{
    private const int SegmentBits = 6;
    private const int SegmentSize = 1 << SegmentBits;

    private ByteExpression?[][] _segments = [new ByteExpression?[SegmentSize]];

    // A power of two: the buckets that there were before any of them was split for the next.
    private int _round = SegmentSize;
    private int _split;

    /// <summary>Expressions that are in it.</summary>
    public int Count { get; private set; }

    /// <summary>The expression with a key; <see langword="null"/> when there is none.</summary>
    public ByteExpression? Find(UInt128 key)
    {
        ByteExpression? expression = BucketOf(key);
        while (expression is not null && expression.Key != key)
        {
            expression = expression.NextInTable;
        }

        return expression;
    }

    /// <summary>Adds an expression whose key is not in it.</summary>
    public void Add(ByteExpression expression)
    {
        Push(ref BucketOf(expression.Key), expression);
        if (++Count > _round + _split)
        {
            Split();
        }
    }

    private ref ByteExpression? BucketOf(UInt128 key)
    {
        int hash = (int)key;
        int bucket = hash & (_round - 1);
        return ref Bucket(bucket < _split ? hash & ((2 * _round) - 1) : bucket);
    }

    private ref ByteExpression? Bucket(int bucket) => ref _segments[bucket >> SegmentBits][bucket & (SegmentSize - 1)];

    /// <summary>Divides the next bucket between itself and a new one.</summary>
    private void Split()
    {
        AddBucket(_round + _split);
        ref ByteExpression? old = ref Bucket(_split);
        ByteExpression? rest = old;
        old = null;
        if (++_split == _round)
        {
            _round *= 2;
            _split = 0;
        }

        while (rest is not null)
        {
            ByteExpression expression = rest;
            rest = rest.NextInTable;
            Push(ref BucketOf(expression.Key), expression);
        }
    }

    private void AddBucket(int bucket)
    {
        int segment = bucket >> SegmentBits;
        if (segment == _segments.Length)
        {
            Array.Resize(ref _segments, 2 * segment);
        }

        _segments[segment] ??= new ByteExpression?[SegmentSize];
    }

    private static void Push(ref ByteExpression? bucket, ByteExpression expression)
    {
        expression.NextInTable = bucket;
        bucket = expression;
    }
}
