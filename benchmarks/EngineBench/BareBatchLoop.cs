using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Native;
using LlamaProvider.Native.Handles;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Benchmarks.Engine;

/// <summary>
/// The peer: the shortest loop over the same library calls that decodes several sequences in one batch. No engine, no validation, no text; greedy, until each
/// answer ends. Prompts are evaluated one after the other, then every step has one token of each sequence.
/// </summary>
internal sealed unsafe class BareBatchLoop : IDisposable
{
    private readonly LlamaCppModel _model;
    private readonly ContextHandle _context;
    private readonly nint _memory;
    private readonly int _batchTokens;
    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly int[] _counts;
    private readonly int[] _sequences;
    private readonly sbyte[] _outputs;
    private readonly nint[] _sequencePointers;
    private Chooser _choose = static (_, logits) => LogitScan.IndexOfMax(logits);

    public BareBatchLoop(LlamaCppModel model, int contextLength, int batchTokens, int sequences, int threads)
    {
        _model = model;
        _batchTokens = batchTokens;
        LlamaContextParams parameters = LibLlama.ContextDefaultParams();
        parameters.ContextLength = (uint)contextLength;
        parameters.BatchTokens = (uint)batchTokens;
        parameters.MicroBatchTokens = (uint)batchTokens;
        parameters.Sequences = (uint)sequences;
        parameters.OutputsMax = (uint)sequences;
        parameters.Threads = threads;
        parameters.ThreadsBatch = threads;
        parameters.KvUnified = 1;
        _context = new ContextHandle(LibLlama.ContextCreate(model.Handle, parameters), model.Handle);
        _memory = LibLlama.GetMemory(_context);
        (_tokens, _positions, _counts, _sequences) = (Pinned<int>(), Pinned<int>(), Pinned<int>(), Pinned<int>());
        _outputs = Pinned<sbyte>();
        _sequencePointers = Pinned<nint>();
        Array.Fill(_counts, 1);
        for (int index = 0; index < batchTokens; index++)
        {
            fixed (int* sequence = &_sequences[index])
            {
                _sequencePointers[index] = (nint)sequence;
            }
        }

        T[] Pinned<T>() => GC.AllocateArray<T>(batchTokens, pinned: true);
    }

    /// <summary>Chooses the token that follows in a sequence.</summary>
    public delegate int Chooser(int sequence, ReadOnlySpan<float> logits);

    /// <summary>Answers all prompts at once; returns the number of tokens generated.</summary>
    /// <param name="prompts">The prompts, one a sequence.</param>
    /// <param name="maxTokens">The most tokens of each answer.</param>
    /// <param name="choose">Chooses; the most probable token without.</param>
    public int Generate(IReadOnlyList<List<int>> prompts, int maxTokens, Chooser? choose = null)
    {
        _choose = choose ?? (static (_, logits) => LogitScan.IndexOfMax(logits));
        LibLlama.MemoryClear(_memory, data: false);
        var live = new List<(int Sequence, int Token, int Position, int Count)>();
        int total = 0;
        for (int sequence = 0; sequence < prompts.Count; sequence++)
        {
            int index = Prefill(prompts[sequence], sequence);
            Choose(live, sequence, index, prompts[sequence].Count, 0, maxTokens, ref total);
        }

        var next = new List<(int Sequence, int Token, int Position, int Count)>();
        while (live.Count > 0)
        {
            for (int index = 0; index < live.Count; index++)
            {
                Set(index, live[index].Token, live[index].Position, live[index].Sequence, output: true);
            }

            Decode(live.Count);
            next.Clear();
            for (int index = 0; index < live.Count; index++)
            {
                Choose(next, live[index].Sequence, index, live[index].Position + 1, live[index].Count, maxTokens, ref total);
            }

            (live, next) = (next, live);
        }

        return total;
    }

    public void Dispose() => _context.Dispose();

    private int Prefill(List<int> prompt, int sequence)
    {
        int index = 0;
        for (int position = 0; position < prompt.Count; position++)
        {
            if (index == _batchTokens)
            {
                Decode(index);
                index = 0;
            }

            Set(index++, prompt[position], position, sequence, output: position == prompt.Count - 1);
        }

        Decode(index);
        return index - 1;
    }

    private void Choose(List<(int, int, int, int)> live, int sequence, int index, int position, int count, int maxTokens, ref int total)
    {
        int token = _choose(sequence, new ReadOnlySpan<float>(LibLlama.GetLogits(_context, index), _model.Vocabulary.Count));
        if (!_model.Vocabulary.IsEndOfGeneration(token))
        {
            total++;
            if (count + 1 < maxTokens)
            {
                live.Add((sequence, token, position, count + 1));
            }
        }
    }

    private void Set(int index, int token, int position, int sequence, bool output)
    {
        _tokens[index] = token;
        _positions[index] = position;
        _sequences[index] = sequence;
        _outputs[index] = output ? (sbyte)1 : (sbyte)0;
    }

    private void Decode(int count)
    {
        fixed (int* tokens = _tokens, positions = _positions, counts = _counts)
        fixed (sbyte* outputs = _outputs)
        fixed (nint* sequences = _sequencePointers)
        {
            var batch = new LlamaBatch { TokenCount = count, Tokens = tokens, Positions = positions, SequenceCounts = counts, Sequences = (int**)sequences, Outputs = outputs };
            int result = LibLlama.Decode(_context, batch);
            if (result != DecodeResult.Ok)
            {
                throw new ModelContextException($"The bare loop's evaluation returned {result}.");
            }
        }
    }
}
