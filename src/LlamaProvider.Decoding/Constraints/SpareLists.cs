namespace LlamaProvider.Decoding.Constraints;

/// <summary>Lists that nobody needs just now, where each piece of work takes several. One thread at a time.</summary>
/// <typeparam name="T">What is listed.</typeparam>
internal sealed class SpareLists<T>
{
    private readonly Stack<List<T>> _lists = [];

    /// <summary>An empty list, to be returned after use.</summary>
    public List<T> Rent() => _lists.TryPop(out List<T>? list) ? list : [];

    public void Return(List<T> list)
    {
        list.Clear();
        _lists.Push(list);
    }
}
