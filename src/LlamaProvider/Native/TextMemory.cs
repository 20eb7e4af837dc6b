using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Native;

/// <summary>The books of an encoder, of which llama.cpp keeps nothing after an evaluation: how long the text is that each sequence was evaluated with.</summary>
internal sealed class TextMemory(int sequences) : ISequenceMemory
{
    private readonly int[] _lengths = new int[sequences];

    public bool CanShift => false;

    public PositionRange GetPositions(int sequence) => _lengths[sequence] == 0 ? PositionRange.Empty : new PositionRange(0, _lengths[sequence]);

    public void Copy(int source, int destination, int end) => _lengths[destination] = end;

    public bool Remove(int sequence, int start)
    {
        _lengths[sequence] = start;
        return start == 0;
    }

    public void Shift(int sequence, int start, int end) => throw new InvalidOperationException("An encoder's texts cannot be shifted; the context's guard should have refused it.");

    public void Evaluated(ModelBatch batch)
    {
        for (int index = 0; index < batch.Count; index++)
        {
            _lengths[batch.GetSequences(index)[0]] = batch.Positions[index] + 1;
        }
    }
}
