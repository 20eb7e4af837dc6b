namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>Lists of parts that nobody needs just now, since a derivative takes several. One thread at a time.</summary>
internal sealed class SpareParts
{
    private readonly Stack<List<ByteExpression>> _lists = [];

    /// <summary>An empty list, to be returned after use.</summary>
    public List<ByteExpression> Rent() => _lists.TryPop(out List<ByteExpression>? list) ? list : [];

    public void Return(List<ByteExpression> list)
    {
        list.Clear();
        _lists.Push(list);
    }
}
