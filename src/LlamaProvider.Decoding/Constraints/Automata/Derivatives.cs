namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>The derivatives of an expression that are known, by byte. Few, since only one byte of each class is ever asked for; a list of them takes a third of what a table for all expressions would.</summary>
internal struct Derivatives
{
    // Most expressions have one, so it needs no array.
    private ByteExpression? _first;
    private (ByteExpression After, byte Value)[]? _more;
    private int _moreCount;
    private byte _firstValue;

    public readonly ByteExpression? Find(byte value)
    {
        if (_firstValue == value && _first is not null)
        {
            return _first;
        }

        for (int i = 0; i < _moreCount; i++)
        {
            if (_more![i].Value == value)
            {
                return _more[i].After;
            }
        }

        return null;
    }

    public void Add(byte value, ByteExpression after)
    {
        if (_first is null)
        {
            (_first, _firstValue) = (after, value);
            return;
        }

        if (_moreCount == (_more?.Length ?? 0))
        {
            Array.Resize(ref _more, Math.Max(2, 2 * _moreCount));
        }

        _more![_moreCount++] = (after, value);
    }
}
