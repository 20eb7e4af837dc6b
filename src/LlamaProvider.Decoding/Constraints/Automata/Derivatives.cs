namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>
/// The derivatives of an expression that are known, by byte. Few, since only one byte of each class is ever asked for, and most of those lead to the same few expressions: a list of the bytes takes a
/// small part of what a table for all expressions would.
/// </summary>
internal struct Derivatives
{
    // Most expressions have one, so it needs no array.
    private ByteExpression? _first;
    private byte _firstValue;
    private byte _moreCount;
    private byte _afterCount;

    // The other bytes, and behind as many the places of what they lead to.
    private byte[]? _more;
    private ByteExpression[]? _after;

    public readonly ByteExpression? Find(byte value)
    {
        if (_firstValue == value && _first is not null)
        {
            return _first;
        }

        int index = _more.AsSpan(0, _moreCount).IndexOf(value);
        return index < 0 ? null : _after![_more![(_more.Length / 2) + index]];
    }

    /// <summary>Adds the derivative by a byte that has none yet.</summary>
    public void Add(byte value, ByteExpression after)
    {
        if (_first is null)
        {
            (_first, _firstValue) = (after, value);
            return;
        }

        if (_moreCount == (_more?.Length ?? 0) / 2)
        {
            Grow();
        }

        _more![_moreCount] = value;
        _more[(_more.Length / 2) + _moreCount++] = PlaceOf(after);
    }

    // There are 255 more bytes at most.
    private void Grow()
    {
        var more = new byte[2 * Math.Max(4, Math.Min(byte.MaxValue, 2 * _moreCount))];
        _more.AsSpan(0, _moreCount).CopyTo(more);
        _more.AsSpan(_moreCount).CopyTo(more.AsSpan(more.Length / 2));
        _more = more;
    }

    // Bytes that lead to the same expression are asked for one after the other, so only the last one is looked at.
    private byte PlaceOf(ByteExpression after)
    {
        if (_afterCount > 0 && ReferenceEquals(_after![_afterCount - 1], after))
        {
            return (byte)(_afterCount - 1);
        }

        if (_afterCount == (_after?.Length ?? 0))
        {
            Array.Resize(ref _after, Math.Max(1, 2 * _afterCount));
        }

        _after![_afterCount] = after;
        return _afterCount++;
    }
}
