using LLama.Native;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Native;

namespace LlamaProvider.LLamaSharp;

/// <summary>llama.cpp's own memory of a decoder, through LLamaSharp.</summary>
internal sealed class SharpMemory(SafeLLamaContextHandle context) : ISequenceMemory
{
    public bool CanShift { get; } = context.MemoryCanShift;

    public PositionRange GetPositions(int sequence)
    {
        int last = (int)context.MemorySequenceMaxPosition((LLamaSeqId)sequence);
        return last < 0 ? PositionRange.Empty : new PositionRange((int)context.MemorySequenceMinPosition((LLamaSeqId)sequence), last + 1);
    }

    public void Copy(int source, int destination, int end) => context.MemorySequenceCopy((LLamaSeqId)source, (LLamaSeqId)destination, 0, end);

    public bool Remove(int sequence, int start)
    {
        context.MemorySequenceRemove((LLamaSeqId)sequence, start, -1);

        // LLamaSharp does not pass on whether it could.
        return GetPositions(sequence).End <= start;
    }

    public void Shift(int sequence, int start, int end)
    {
        context.MemorySequenceRemove((LLamaSeqId)sequence, start, end);
        context.MemorySequenceAdd((LLamaSeqId)sequence, end, -1, start - end);
    }

    public void Evaluated(ModelBatch batch)
    {
        // llama.cpp has noted them itself.
    }
}
