using System.Numerics.Tensors;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Native;
using LlamaProvider.Native.Handles;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Benchmarks.Runtime;

/// <summary>
/// The peer: the shortest loop over the same library calls. One sequence, no engine, no validation, no text; greedy, until the model ends its turn.
/// </summary>
internal sealed unsafe class BareLoop : IDisposable
{
    private readonly LlamaCppModel _model;
    private readonly ContextHandle _context;
    private readonly nint _memory;
    private readonly int _batchTokens;

    public BareLoop(LlamaCppModel model, int contextLength, int batchTokens, int threads)
    {
        _model = model;
        _batchTokens = batchTokens;
        LlamaContextParams parameters = LibLlama.ContextDefaultParams();
        parameters.ContextLength = (uint)contextLength;
        parameters.BatchTokens = (uint)batchTokens;
        parameters.MicroBatchTokens = (uint)batchTokens;
        parameters.OutputsMax = 1;
        parameters.Threads = threads;
        parameters.ThreadsBatch = threads;
        parameters.KvUnified = 1;
        _context = new ContextHandle(LibLlama.ContextCreate(model.Handle, parameters), model.Handle);
        _memory = LibLlama.GetMemory(_context);
    }

    public List<int> Generate(IReadOnlyList<int> prompt, int maxTokens)
    {
        LibLlama.MemoryClear(_memory, data: false);
        int[] tokens = [.. prompt];
        for (int start = 0; start < tokens.Length; start += _batchTokens)
        {
            Decode(tokens.AsSpan(start, Math.Min(_batchTokens, tokens.Length - start)));
        }

        var answer = new List<int>();
        while (true)
        {
            int token = TensorPrimitives.IndexOfMax(new ReadOnlySpan<float>(LibLlama.GetLogits(_context, -1), _model.Vocabulary.Count));
            if (_model.Vocabulary.IsEndOfGeneration(token))
            {
                return answer;
            }

            answer.Add(token);
            if (answer.Count == maxTokens)
            {
                return answer;
            }

            Decode([token]);
        }
    }

    public void Dispose() => _context.Dispose();

    private void Decode(ReadOnlySpan<int> tokens)
    {
        fixed (int* values = tokens)
        {
            // Without positions and sequences llama.cpp counts on in sequence 0 and gives the last token's output.
            var batch = new LlamaBatch { TokenCount = tokens.Length, Tokens = values };
            int result = LibLlama.Decode(_context, batch);
            if (result != DecodeResult.Ok)
            {
                throw new ModelContextException($"The bare loop's evaluation returned {result}.");
            }
        }
    }
}
