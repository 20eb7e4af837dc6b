using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LLama.Exceptions;
using LLama.Native;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Native;

namespace LlamaProvider.LLamaSharp;

/// <summary>One KV memory in llama.cpp, through LLamaSharp.</summary>
internal sealed unsafe class SharpContext(LLamaSharpModel model, SafeLLamaContextHandle handle, ISequenceMemory memory, ContextLimits limits, ContextOptions options)
    : NativeContext(model, memory, limits, new SequenceStateFormat(model.Fingerprint, options.KeyType, options.ValueType))
{
    private readonly SharpBatch _batch = new();

    protected override bool IsClosed => handle.IsClosed;

    public override void Dispose() => handle.Dispose();

    protected override int Decode(ModelBatch batch) => (int)handle.Decode(_batch.Fill(batch));

    protected override void Synchronize() => handle.Synchronize();

    protected override void SetAbortFlag(AbortFlag? flag) =>
        NativeApi.llama_set_abort_callback(handle, flag is null ? 0 : (nint)AbortFlag.Callback, flag is null ? 0 : (nint)flag.Pointer);

    protected override void PutAdapters(AdapterSet adapters) =>
        handle.SetLoraAdapters([.. adapters.Adapters.Select(adapter => (model.GetAdapter(adapter.Name), adapter.Scale))]);

    protected override void PutEmbeddings(bool wanted) => handle.SetEmbeddings(wanted);

    protected override float* LogitsOf(int index)
    {
        try
        {
            return Row(handle.GetLogitsIth(index));
        }
        catch (GetLogitsInvalidIndexException)
        {
            return null;
        }
    }

    protected override float* HiddenStateOf(int index) => Row(handle.GetEmbeddingsIth(index));

    protected override nuint StateSize(int sequence) => handle.GetStateSize((LLamaSeqId)sequence);

    protected override nuint StateSave(NativeBuffer destination, int sequence) => handle.GetState(destination.Pointer, destination.Length, (LLamaSeqId)sequence);

    protected override nuint StateLoad(NativeBuffer source, int sequence) => handle.SetState(source.Pointer, source.Length, (LLamaSeqId)sequence);

    /// <summary>The rows lie in llama.cpp's memory, so they do not move.</summary>
    private static float* Row(Span<float> row) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(row));
}
