namespace LlamaProvider.Decoding.Scheduling;

/// <summary>Lends the context's sequences. A returned sequence must be empty.</summary>
internal sealed class SequencePool
{
    private readonly Stack<int> _free;

    public SequencePool(int sequences) => _free = new Stack<int>(Enumerable.Range(0, sequences).Reverse());

    public int FreeCount => _free.Count;

    public int Rent() => _free.Pop();

    public void Return(int sequence) => _free.Push(sequence);
}
