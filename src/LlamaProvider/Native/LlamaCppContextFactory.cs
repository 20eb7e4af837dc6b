using LlamaProvider.Decoding.Model;
using LlamaProvider.Native.Handles;
using LlamaProvider.Native.Interop;
using LlamaProvider.Native.Logging;

namespace LlamaProvider.Native;

/// <summary>Creates contexts, with everything checked that would end the process or be noticed too late.</summary>
internal static unsafe class LlamaCppContextFactory
{
    public static LlamaCppContext Create(LlamaCppModel model, ContextOptions options)
    {
        // Layers on a GPU keep their cells there, where the driver refuses what does not fit.
        var plan = ContextPlan.Create(model, options, cellsInMemory: !LibLlama.SupportsGpuOffload());
        LlamaContextParams parameters = ToNative(model, options, plan);
        using NativeLog.Capture errors = NativeLog.CaptureErrors();
        nint context = LibLlama.ContextCreate(model.Handle, parameters);
        if (context == 0)
        {
            throw new ContextCreationException(
                $"llama.cpp could not create a context of {plan.Sizes.Length} tokens with {options.Sequences} sequences: {errors.Summary}. " +
                "Lower the context length or choose smaller KV types.");
        }

        var handle = new ContextHandle(context, model.Handle);
        if (LibLlama.GetMemory(handle) == 0 && !model.Capabilities.EvaluatesWholeTexts)
        {
            handle.Dispose();
            throw new ContextCreationException(
                $"'{model.Description.Name}' ({model.Description.Architecture}) keeps no memory of its tokens, so it cannot generate text. Choose a decoder model.");
        }

        return new LlamaCppContext(model, handle, options, parameters);
    }

    private static LlamaContextParams ToNative(LlamaCppModel model, ContextOptions options, in ContextPlan plan)
    {
        LlamaContextParams parameters = LibLlama.ContextDefaultParams();
        ContextSizes sizes = plan.Sizes;
        parameters.ContextLength = (uint)sizes.Length;
        parameters.BatchTokens = (uint)sizes.BatchTokens;
        parameters.MicroBatchTokens = (uint)sizes.MicroBatchTokens;
        parameters.Sequences = (uint)sizes.Sequences;
        parameters.OutputsMax = (uint)sizes.Outputs;
        parameters.Threads = plan.Threads;
        parameters.ThreadsBatch = plan.PromptThreads;
        parameters.PoolingType = model.Capabilities.HasRankHead ? PoolingType.Rank : PoolingType.None;
        parameters.FlashAttentionType = ToNative(options.FlashAttention);
        parameters.TypeK = ToNative(options.KeyType);
        parameters.TypeV = ToNative(options.ValueType);
        parameters.NoPerformance = 0;

        // One pool of cells for all sequences: copying a sequence is then bookkeeping, and partial copies are allowed.
        parameters.KvUnified = 1;

        // A sliding-window cache of full size keeps every position, so that sequences can be trimmed and copied at any of them.
        parameters.SwaFull = 1;
        return parameters;
    }

    /// <summary>A value of <see cref="FlashAttentionType"/>.</summary>
    internal static int ToNative(FlashAttention attention) => attention switch
    {
        FlashAttention.On => FlashAttentionType.Enabled,
        FlashAttention.Off => FlashAttentionType.Disabled,
        _ => FlashAttentionType.Auto,
    };

    /// <summary>A value of <see cref="GgmlType"/>.</summary>
    internal static int ToNative(KvCacheType type) => type switch
    {
        KvCacheType.F32 => GgmlType.F32,
        KvCacheType.Q8_0 => GgmlType.Q8_0,
        KvCacheType.Q4_0 => GgmlType.Q4_0,
        _ => GgmlType.F16,
    };
}
