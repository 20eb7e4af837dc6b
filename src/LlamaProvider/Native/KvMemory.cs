using LlamaProvider.Decoding.Model;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native;

/// <summary>llama.cpp's own memory of a decoder, which keeps keys and values (or a running state) of every token.</summary>
internal sealed class KvMemory(nint memory) : ISequenceMemory
{
    public bool CanShift { get; } = LibLlama.MemoryCanShift(memory);

    public PositionRange GetPositions(int sequence)
    {
        int last = LibLlama.MemoryLastPosition(memory, sequence);
        return last < 0 ? PositionRange.Empty : new PositionRange(LibLlama.MemoryFirstPosition(memory, sequence), last + 1);
    }

    public void Copy(int source, int destination, int end) => LibLlama.MemoryCopy(memory, source, destination, 0, end);

    public bool Remove(int sequence, int start) => LibLlama.MemoryRemove(memory, sequence, start, -1);

    public void Shift(int sequence, int start, int end)
    {
        LibLlama.MemoryRemove(memory, sequence, start, end);
        LibLlama.MemoryShift(memory, sequence, end, -1, start - end);
    }

    public void Evaluated(ModelBatch batch)
    {
        // llama.cpp has noted them itself.
    }
}
