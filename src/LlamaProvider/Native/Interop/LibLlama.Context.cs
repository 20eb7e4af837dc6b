using System.Runtime.InteropServices;
using LlamaProvider.Native.Handles;

namespace LlamaProvider.Native.Interop;

// Context: create, evaluate, read outputs, count.
internal static unsafe partial class LibLlama
{
    [LibraryImport(Library, EntryPoint = "llama_init_from_model")]
    public static partial nint ContextCreate(ModelHandle model, LlamaContextParams parameters);

    [LibraryImport(Library, EntryPoint = "llama_free")]
    public static partial void ContextFree(nint context);

    [LibraryImport(Library, EntryPoint = "llama_n_ctx")]
    public static partial uint ContextLength(ContextHandle context);

    [LibraryImport(Library, EntryPoint = "llama_n_batch")]
    public static partial uint ContextBatchTokens(ContextHandle context);

    [LibraryImport(Library, EntryPoint = "llama_n_seq_max")]
    public static partial uint ContextSequences(ContextHandle context);

    [LibraryImport(Library, EntryPoint = "llama_decode")]
    public static partial int Decode(ContextHandle context, LlamaBatch batch);

    [LibraryImport(Library, EntryPoint = "llama_set_embeddings")]
    public static partial void SetEmbeddings(ContextHandle context, [MarshalAs(UnmanagedType.U1)] bool embeddings);

    [LibraryImport(Library, EntryPoint = "llama_set_causal_attn")]
    public static partial void SetCausalAttention(ContextHandle context, [MarshalAs(UnmanagedType.U1)] bool causal);

    [LibraryImport(Library, EntryPoint = "llama_set_n_threads")]
    public static partial void SetThreads(ContextHandle context, int threads, int promptThreads);

    [LibraryImport(Library, EntryPoint = "llama_attach_threadpool")]
    public static partial void AttachThreadPool(ContextHandle context, nint pool, nint promptPool);

    [LibraryImport(Library, EntryPoint = "llama_set_abort_callback")]
    public static partial void SetAbortCallback(ContextHandle context, delegate* unmanaged[Cdecl]<void*, byte> callback, void* data);

    [LibraryImport(Library, EntryPoint = "llama_synchronize")]
    public static partial void Synchronize(ContextHandle context);

    [LibraryImport(Library, EntryPoint = "llama_get_logits_ith")]
    public static partial float* GetLogits(ContextHandle context, int index);

    [LibraryImport(Library, EntryPoint = "llama_get_embeddings_ith")]
    public static partial float* GetEmbeddings(ContextHandle context, int index);

    [LibraryImport(Library, EntryPoint = "llama_get_embeddings_seq")]
    public static partial float* GetPooledEmbeddings(ContextHandle context, int sequence);

    [LibraryImport(Library, EntryPoint = "llama_perf_context")]
    public static partial LlamaPerformanceData Performance(ContextHandle context);

    [LibraryImport(Library, EntryPoint = "llama_perf_context_reset")]
    public static partial void PerformanceReset(ContextHandle context);
}
