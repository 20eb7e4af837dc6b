namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>What one search of <see cref="Liveness"/> has seen, and in which order it goes on.</summary>
internal sealed class LivenessSearch
{
    private readonly List<(ByteExpression Expression, int Origin, int Next)> _seen = [];
    private readonly HashSet<ByteExpression> _isSeen = [];
    private readonly HashSet<UInt128> _outlines = [];
    private readonly Queue<int> _broad = [];
    private readonly Stack<int> _deep = [];
    private readonly Stack<int> _counted = [];
    private Func<ByteExpression, UInt128>? _outlineOf;

    public LivenessSearch(ByteExpression start) => Add(start, origin: -1);

    public ByteExpression this[int index] => _seen[index].Expression;

    /// <summary>Adds an expression that follows another, unless it was seen before.</summary>
    public void Add(ByteExpression expression, int origin)
    {
        if (!_isSeen.Add(expression))
        {
            return;
        }

        _seen.Add((expression, origin, 0));
        Open(_seen.Count - 1);
    }

    /// <summary>The expression to go on with, and which of its successors is next; −1 when there is none.</summary>
    public (int Index, int Next) Take()
    {
        int index = _broad.Count > 0 ? _broad.Peek() : _deep.Count > 0 ? _deep.Peek() : _counted.Count > 0 ? _counted.Peek() : -1;
        if (index < 0)
        {
            return (-1, 0);
        }

        (ByteExpression expression, int origin, int next) = _seen[index];
        _seen[index] = (expression, origin, next + 1);
        return (index, next);
    }

    /// <summary>Closes the expression that was taken last: it has no more successors.</summary>
    public void Finish(int index)
    {
        if (_broad.Count > 0)
        {
            _broad.Dequeue();
        }
        else
        {
            _ = _deep.TryPeek(out int top) && top == index ? _deep.Pop() : _counted.Pop();
        }
    }

    /// <summary>From now on goes on with the newest expression, and with those that differ from others only in their counts when nothing else is left.</summary>
    /// <param name="outlineOf">Tells expressions apart but for their counts.</param>
    public void GoDeep(Func<ByteExpression, UInt128> outlineOf)
    {
        _outlineOf = outlineOf;
        int[] open = [.. _broad];
        _broad.Clear();
        foreach (int index in open)
        {
            Open(index);
        }
    }

    /// <summary>Notes that the way to an expression is alive.</summary>
    public void MarkWay(int index)
    {
        for (; index >= 0; index = _seen[index].Origin)
        {
            _seen[index].Expression.HasText = true;
        }
    }

    /// <summary>Notes that everything seen is empty.</summary>
    public void MarkAll()
    {
        foreach ((ByteExpression expression, _, _) in _seen)
        {
            expression.HasText = false;
        }
    }

    private void Open(int index)
    {
        if (_outlineOf is null)
        {
            _broad.Enqueue(index);
        }
        else
        {
            (_outlines.Add(_outlineOf(_seen[index].Expression)) ? _deep : _counted).Push(index);
        }
    }
}
