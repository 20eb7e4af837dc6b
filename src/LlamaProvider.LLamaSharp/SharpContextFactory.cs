using LLama.Native;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Native;

namespace LlamaProvider.LLamaSharp;

/// <summary>Creates contexts, with everything checked that would end the process or be noticed too late.</summary>
internal static class SharpContextFactory
{
    public static SharpContext Create(LLamaSharpModel model, ContextOptions options)
    {
        // Layers on a GPU keep their cells there, where the driver refuses what does not fit.
        var plan = ContextPlan.Create(model, options, cellsInMemory: !NativeApi.llama_supports_gpu_offload());
        SafeLLamaContextHandle handle = model.Handle.CreateContext(ToNative(options, plan));
        if (handle.IsInvalid)
        {
            throw new ContextCreationException(
                $"llama.cpp could not create a context of {plan.Sizes.Length} tokens with {options.Sequences} sequences; LLamaSharp's log (NativeLogConfig) says why. " +
                "Lower the context length or choose smaller KV types.");
        }

        ContextLimits limits = new()
        {
            Cells = (int)handle.ContextSize,
            Sequences = plan.Sizes.Sequences,
            BatchTokens = (int)handle.BatchSize,
            Outputs = plan.Sizes.Outputs,
            HiddenStateTokens = plan.Sizes.Outputs,
        };
        ISequenceMemory memory = model.Capabilities.EvaluatesWholeTexts ? new TextMemory(limits.Sequences) : new SharpMemory(handle);
        return new SharpContext(model, handle, memory, limits, options);
    }

    private static LLamaContextParams ToNative(ContextOptions options, in ContextPlan plan)
    {
        LLamaContextParams parameters = LLamaContextParams.Default();
        parameters.n_ctx = (uint)plan.Sizes.Length;
        parameters.n_batch = (uint)plan.Sizes.BatchTokens;
        parameters.n_ubatch = (uint)plan.Sizes.MicroBatchTokens;
        parameters.n_seq_max = (uint)plan.Sizes.Sequences;
        parameters.n_threads = plan.Threads;
        parameters.n_threads_batch = plan.PromptThreads;
        parameters.llama_pooling_type = LLamaPoolingType.None;
        parameters.llama_flash_attn_type = (LLamaFlashAttentionType)LlamaCppContextFactory.ToNative(options.FlashAttention);
        parameters.type_k = (GGMLType)LlamaCppContextFactory.ToNative(options.KeyType);
        parameters.type_v = (GGMLType)LlamaCppContextFactory.ToNative(options.ValueType);
        parameters.no_perf = false;

        // One pool of cells for all sequences, of full size: sequences can be copied and trimmed at any position.
        parameters.kv_unified = true;
        parameters.swa_full = true;
        return parameters;
    }
}
