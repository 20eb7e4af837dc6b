using System.Runtime.InteropServices;

namespace LlamaProvider.Native.Interop;

/// <summary>llama.h: start-up, logging and default parameters. Every call is declared once, in the file of its subject.</summary>
/// <remarks>
/// Nothing here checks anything, and most bad values end the process: only the types of <c>LlamaProvider.Native</c> call these, after
/// <see cref="Decoding.Model.ModelContextGuard"/> or an options check has said yes.
/// </remarks>
internal static unsafe partial class LibLlama
{
    internal const string Library = "llama";

    [LibraryImport(Library, EntryPoint = "llama_version")]
    public static partial byte* Version();

    [LibraryImport(Library, EntryPoint = "llama_backend_init")]
    public static partial void BackendInit();

    [LibraryImport(Library, EntryPoint = "llama_log_set")]
    public static partial void LogSet(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* data);

    [LibraryImport(Library, EntryPoint = "llama_model_default_params")]
    public static partial LlamaModelParams ModelDefaultParams();

    [LibraryImport(Library, EntryPoint = "llama_context_default_params")]
    public static partial LlamaContextParams ContextDefaultParams();

    [LibraryImport(Library, EntryPoint = "llama_model_quantize_default_params")]
    public static partial LlamaModelQuantizeParams QuantizeDefaultParams();

    [LibraryImport(Library, EntryPoint = "llama_supports_gpu_offload")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SupportsGpuOffload();

    [LibraryImport(Library, EntryPoint = "llama_supports_mlock")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SupportsMlock();

    [LibraryImport(Library, EntryPoint = "llama_max_parallel_sequences")]
    public static partial nuint MaxParallelSequences();

    [LibraryImport(Library, EntryPoint = "llama_max_devices")]
    public static partial nuint MaxDevices();

    [LibraryImport(Library, EntryPoint = "llama_print_system_info")]
    public static partial byte* SystemInfo();
}
