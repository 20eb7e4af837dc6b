using LlamaProvider.Decoding.Model;
using LlamaProvider.Native.Handles;
using LlamaProvider.Native.Interop;
using LlamaProvider.Native.Logging;

namespace LlamaProvider.Native;

/// <summary>The sizes of a context: cells, tokens of a batch, tokens of one graph, sequences, outputs of a batch.</summary>
internal readonly record struct ContextSizes(int Length, int BatchTokens, int MicroBatchTokens, int Sequences, int Outputs);

/// <summary>Creates contexts, with everything checked that would end the process or be noticed too late.</summary>
internal static unsafe class LlamaCppContextFactory
{
    /// <summary>The most tokens that llama.cpp computes in one graph; larger batches are cut into parts of this size.</summary>
    private const int MicroBatchTokens = 512;

    private const long TinyModelBytes = 32L << 20;

    public static LlamaCppContext Create(LlamaCppModel model, ContextOptions options)
    {
        options.Validate();
        int length = options.ContextLength ?? model.Description.TrainedContextLength;
        if (length == 0)
        {
            throw new ContextCreationException(
                $"'{model.Description.Name}' does not say for how long a context it was trained. Set {nameof(ContextOptions.ContextLength)}.");
        }

        int sequences = options.Sequences + options.KeptSequences;
        if (length < sequences)
        {
            throw new ContextCreationException(
                $"{nameof(ContextOptions.ContextLength)} is {length}, but must be at least the number of sequences ({sequences}). Raise the one or lower the other.");
        }

        KvMemoryEstimate.CheckFits(model, length, options);

        LlamaContextParams parameters = ToNative(model, options, length);
        using NativeLog.Capture errors = NativeLog.CaptureErrors();
        nint context = LibLlama.ContextCreate(model.Handle, parameters);
        if (context == 0)
        {
            throw new ContextCreationException(
                $"llama.cpp could not create a context of {length} tokens with {options.Sequences} sequences: {errors.Summary}. " +
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

    /// <summary>Physical cores, but one for a tiny model: its threads would spend their time waiting for each other.</summary>
    public static int DefaultThreads(LlamaCppModel model) => model.Description.ByteCount < TinyModelBytes ? 1 : PhysicalCores.Count;

    /// <summary>The sizes that llama.cpp is asked for.</summary>
    public static ContextSizes SizesOf(ContextOptions options, int length, bool evaluatesWholeTexts)
    {
        int batchTokens = Math.Min(options.BatchTokens, length);
        int sequences = options.Sequences + options.KeptSequences;

        // llama.cpp ends the process when there are fewer outputs than sequences.
        int outputs = Math.Min(Math.Max(options.Outputs ?? 2 * options.Sequences, sequences), batchTokens);

        // A text that is evaluated whole must not be cut: llama.cpp ends the process.
        return new ContextSizes(length, batchTokens, evaluatesWholeTexts ? batchTokens : Math.Min(batchTokens, MicroBatchTokens), sequences, outputs);
    }

    private static LlamaContextParams ToNative(LlamaCppModel model, ContextOptions options, int length)
    {
        LlamaContextParams parameters = LibLlama.ContextDefaultParams();
        int threads = options.Threads ?? DefaultThreads(model);
        ContextSizes sizes = SizesOf(options, length, model.Capabilities.EvaluatesWholeTexts);
        parameters.ContextLength = (uint)sizes.Length;
        parameters.BatchTokens = (uint)sizes.BatchTokens;
        parameters.MicroBatchTokens = (uint)sizes.MicroBatchTokens;
        parameters.Sequences = (uint)sizes.Sequences;
        parameters.OutputsMax = (uint)sizes.Outputs;
        parameters.Threads = threads;
        parameters.ThreadsBatch = options.PromptThreads ?? threads;
        parameters.PoolingType = model.Capabilities.HasRankHead ? PoolingType.Rank : PoolingType.None;
        parameters.FlashAttentionType = options.FlashAttention switch
        {
            FlashAttention.On => FlashAttentionType.Enabled,
            FlashAttention.Off => FlashAttentionType.Disabled,
            _ => FlashAttentionType.Auto,
        };
        parameters.TypeK = ToNative(options.KeyType);
        parameters.TypeV = ToNative(options.ValueType);
        parameters.NoPerformance = 0;

        // One pool of cells for all sequences: copying a sequence is then bookkeeping, and partial copies are allowed.
        parameters.KvUnified = 1;

        // A sliding-window cache of full size keeps every position, so that sequences can be trimmed and copied at any of them.
        parameters.SwaFull = 1;
        return parameters;
    }

    private static int ToNative(KvCacheType type) => type switch
    {
        KvCacheType.F32 => GgmlType.F32,
        KvCacheType.Q8_0 => GgmlType.Q8_0,
        KvCacheType.Q4_0 => GgmlType.Q4_0,
        _ => GgmlType.F16,
    };
}
