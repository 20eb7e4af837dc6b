using System.Runtime.CompilerServices;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native;

/// <summary>A <c>llama_batch</c> over pinned managed arrays, sized once for the largest batch of a context.</summary>
internal sealed unsafe class NativeBatch
{
    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly int[] _sequenceCounts;
    private readonly nint[] _sequencePointers;
    private readonly sbyte[] _outputs;
    private int[] _sequences;

    public NativeBatch(int capacity)
    {
        _tokens = GC.AllocateArray<int>(capacity, pinned: true);
        _positions = GC.AllocateArray<int>(capacity, pinned: true);
        _sequenceCounts = GC.AllocateArray<int>(capacity, pinned: true);
        _sequencePointers = GC.AllocateArray<nint>(capacity, pinned: true);
        _outputs = GC.AllocateArray<sbyte>(capacity, pinned: true);
        _sequences = GC.AllocateArray<int>(capacity, pinned: true);
    }

    /// <summary>Copies a batch. The result is valid until the next call.</summary>
    public LlamaBatch Fill(ModelBatch batch)
    {
        batch.Tokens.CopyTo(_tokens);
        batch.Positions.CopyTo(_positions);
        EnsureSequences(batch);
        int next = 0;
        for (int index = 0; index < batch.Count; index++)
        {
            ReadOnlySpan<int> sequences = batch.GetSequences(index);
            sequences.CopyTo(_sequences.AsSpan(next));
            _sequenceCounts[index] = sequences.Length;
            _sequencePointers[index] = (nint)Unsafe.AsPointer(ref _sequences[next]);

            // With hidden states or relevance llama.cpp computes an output for every token, and warns when told otherwise.
            _outputs[index] = batch.Wanted[index] || batch.HiddenStates || batch.Relevance ? (sbyte)1 : (sbyte)0;
            next += sequences.Length;
        }

        return new LlamaBatch
        {
            TokenCount = batch.Count,
            Tokens = (int*)Unsafe.AsPointer(ref _tokens[0]),
            Positions = (int*)Unsafe.AsPointer(ref _positions[0]),
            SequenceCounts = (int*)Unsafe.AsPointer(ref _sequenceCounts[0]),
            Sequences = (int**)Unsafe.AsPointer(ref _sequencePointers[0]),
            Outputs = (sbyte*)Unsafe.AsPointer(ref _outputs[0]),
        };
    }

    private void EnsureSequences(ModelBatch batch)
    {
        int total = 0;
        for (int index = 0; index < batch.Count; index++)
        {
            total += batch.GetSequences(index).Length;
        }

        if (total > _sequences.Length)
        {
            _sequences = GC.AllocateArray<int>(total, pinned: true);
        }
    }
}
