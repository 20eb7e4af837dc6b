using LlamaProvider.Decoding.Model;
using LlamaProvider.Native.Handles;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native;

/// <summary>One KV memory in llama.cpp, through this project's own binding.</summary>
internal sealed unsafe class LlamaCppContext : NativeContext
{
    private readonly LlamaCppModel _model;
    private readonly ContextHandle _handle;
    private readonly ThreadPoolHandle? _threads;
    private readonly NativeBatch _batch;

    public LlamaCppContext(LlamaCppModel model, ContextHandle handle, ContextOptions options, in LlamaContextParams parameters)
        : base(model, MemoryOf(handle, options), LimitsOf(handle, options, parameters), new SequenceStateFormat(model.Fingerprint, options.KeyType, options.ValueType))
    {
        _model = model;
        _handle = handle;
        _batch = new NativeBatch(Limits.BatchTokens);
        _threads = ThreadPoolHandle.Create(Math.Max(parameters.Threads, parameters.ThreadsBatch));
        if (_threads is not null)
        {
            LibLlama.AttachThreadPool(handle, _threads.DangerousGetHandle(), _threads.DangerousGetHandle());
        }
    }

    protected override bool IsClosed => _handle.IsClosed;

    public override void Dispose()
    {
        _handle.Dispose();
        _threads?.Dispose();
    }

    protected override int Decode(ModelBatch batch) => LibLlama.Decode(_handle, _batch.Fill(batch));

    protected override void Synchronize() => LibLlama.Synchronize(_handle);

    protected override void SetAbortFlag(AbortFlag? flag) => LibLlama.SetAbortCallback(_handle, flag is null ? null : AbortFlag.Callback, flag is null ? null : flag.Pointer);

    protected override void PutAdapters(AdapterSet adapters)
    {
        int count = adapters.Adapters.Length;
        nint* pointers = stackalloc nint[Math.Max(1, count)];
        float* scales = stackalloc float[Math.Max(1, count)];
        for (int index = 0; index < count; index++)
        {
            pointers[index] = _model.GetAdapter(adapters.Adapters[index].Name);
            scales[index] = adapters.Adapters[index].Scale;
        }

        int result = LibLlama.SetAdapters(_handle, pointers, (nuint)count, scales);
        if (result != 0)
        {
            throw new ModelContextException($"llama.cpp could not set the adapters ({adapters}): it returned {result}. Leave them out, or load the model anew.");
        }
    }

    protected override void PutEmbeddings(bool wanted) => LibLlama.SetEmbeddings(_handle, wanted);

    protected override float* LogitsOf(int index) => LibLlama.GetLogits(_handle, index);

    protected override float* HiddenStateOf(int index) => LibLlama.GetEmbeddings(_handle, index);

    protected override float RelevanceOf(int sequence) => *LibLlama.GetPooledEmbeddings(_handle, sequence);

    protected override nuint StateSize(int sequence) => LibLlama.StateSize(_handle, sequence);

    protected override nuint StateSave(NativeBuffer destination, int sequence) => LibLlama.StateSave(_handle, destination.Pointer, destination.Length, sequence);

    protected override nuint StateLoad(NativeBuffer source, int sequence) => LibLlama.StateLoad(_handle, source.Pointer, source.Length, sequence);

    private static ISequenceMemory MemoryOf(ContextHandle handle, ContextOptions options)
    {
        nint memory = LibLlama.GetMemory(handle);
        return memory == 0 ? new TextMemory(options.Sequences + options.KeptSequences) : new KvMemory(memory);
    }

    private static ContextLimits LimitsOf(ContextHandle handle, ContextOptions options, in LlamaContextParams parameters) => new()
    {
        Cells = (int)LibLlama.ContextLength(handle),
        Sequences = options.Sequences + options.KeptSequences,
        BatchTokens = (int)LibLlama.ContextBatchTokens(handle),
        Outputs = (int)parameters.OutputsMax,
        HiddenStateTokens = (int)parameters.OutputsMax,
    };
}
