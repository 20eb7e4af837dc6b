using System.Numerics.Tensors;
using LLama;
using LLama.Common;
using LLama.Native;

namespace LlamaProvider.LLamaSharp.Compare;

/// <summary>The least that a greedy answer takes on LLamaSharp itself: its batch, its decode call, and the largest logit.</summary>
internal sealed class BareSharpLoop(LLamaWeights weights, int threads) : IDisposable
{
    private readonly LLamaContext _context = weights.CreateContext(new ModelParams("")
    {
        ContextSize = Workload.ContextLength,
        BatchSize = 512,
        Threads = threads,
        BatchThreads = threads,
    });

    private readonly LLamaBatch _prompt = new();
    private readonly LLamaBatch _next = new();

    /// <summary>Answers a prompt of at most 512 tokens.</summary>
    /// <returns>How many tokens the answer has.</returns>
    public int Generate(IReadOnlyList<int> prompt, int maxTokens)
    {
        SafeLLamaContextHandle handle = _context.NativeHandle;
        handle.MemoryClear();
        _prompt.Clear();
        for (int i = 0; i < prompt.Count; i++)
        {
            _prompt.Add(prompt[i], i, (LLamaSeqId)0, logits: i == prompt.Count - 1);
        }

        int token = Evaluate(handle, _prompt, prompt.Count - 1);
        int count = 1;
        while (count < maxTokens && !((LLamaToken)token).IsEndOfGeneration(handle.Vocab))
        {
            _next.Clear();
            _next.Add(token, prompt.Count + count - 1, (LLamaSeqId)0, logits: true);
            token = Evaluate(handle, _next, 0);
            count++;
        }

        return count;
    }

    public void Dispose() => _context.Dispose();

    private static int Evaluate(SafeLLamaContextHandle handle, LLamaBatch batch, int output) => handle.Decode(batch) == DecodeResult.Ok
        ? TensorPrimitives.IndexOfMax<float>(handle.GetLogitsIth(output))
        : throw new InvalidOperationException("llama_decode failed.");
}
