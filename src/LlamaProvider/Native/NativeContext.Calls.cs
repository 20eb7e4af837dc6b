using LlamaProvider.Decoding.Model;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native;

/// <content>What a binding adds.</content>
internal abstract unsafe partial class NativeContext
{
    /// <summary>Whether <see cref="Dispose"/> was called.</summary>
    protected abstract bool IsClosed { get; }

    /// <summary>Computes a batch (<c>llama_decode</c>).</summary>
    /// <returns>One of <see cref="DecodeResult"/>.</returns>
    protected abstract int Decode(ModelBatch batch);

    /// <summary>Waits for what a back end still computes.</summary>
    protected abstract void Synchronize();

    /// <summary>Has llama.cpp ask a flag whether to go on, or no more when it is <see langword="null"/>.</summary>
    protected abstract void SetAbortFlag(AbortFlag? flag);

    /// <summary>Puts adapters into force; a failure is an exception.</summary>
    protected abstract void PutAdapters(AdapterSet adapters);

    /// <summary>Whether hidden states, or what a head makes of them, are computed from now on.</summary>
    protected abstract void PutEmbeddings(bool wanted);

    /// <summary>The logits of a token of the last batch; <see langword="null"/> when there are none.</summary>
    protected abstract float* LogitsOf(int index);

    /// <summary>The hidden state of a token of the last batch; <see langword="null"/> when there is none.</summary>
    protected abstract float* HiddenStateOf(int index);

    /// <summary>The rank head's score of a sequence. Asked of models that have such a head only.</summary>
    protected virtual float RelevanceOf(int sequence) => throw ContextRefusal.LacksRankHead();

    /// <summary>Bytes of a sequence's state.</summary>
    protected abstract nuint StateSize(int sequence);

    /// <summary>Writes a sequence's state.</summary>
    /// <returns>The bytes written.</returns>
    protected abstract nuint StateSave(NativeBuffer destination, int sequence);

    /// <summary>Reads a sequence's state.</summary>
    /// <returns>The bytes read; 0 when it could not be restored.</returns>
    protected abstract nuint StateLoad(NativeBuffer source, int sequence);
}
