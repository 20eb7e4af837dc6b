namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>The derivatives of an expression that are known, by byte. Few, since only one byte of each class is ever asked for; a list of them takes a third of what a table for all expressions would.</summary>
internal struct Derivatives
{
    private (ByteExpression After, byte Value)[]? _known;
    private int _count;

    public readonly ByteExpression? Find(byte value)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_known![i].Value == value)
            {
                return _known[i].After;
            }
        }

        return null;
    }

    public void Add(byte value, ByteExpression rest)
    {
        if (_count == (_known?.Length ?? 0))
        {
            Array.Resize(ref _known, Math.Max(2, 2 * _count));
        }

        _known![_count++] = (rest, value);
    }
}
