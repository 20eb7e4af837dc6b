using System.Runtime.InteropServices;
using LlamaProvider.Native.Handles;

namespace LlamaProvider.Native.Interop;

// Memory: sequences and their saved state.
internal static unsafe partial class LibLlama
{
    [LibraryImport(Library, EntryPoint = "llama_get_memory")]
    public static partial nint GetMemory(ContextHandle context);

    [LibraryImport(Library, EntryPoint = "llama_memory_clear")]
    public static partial void MemoryClear(nint memory, [MarshalAs(UnmanagedType.U1)] bool data);

    [LibraryImport(Library, EntryPoint = "llama_memory_seq_rm")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool MemoryRemove(nint memory, int sequence, int start, int end);

    [LibraryImport(Library, EntryPoint = "llama_memory_seq_cp")]
    public static partial void MemoryCopy(nint memory, int source, int destination, int start, int end);

    [LibraryImport(Library, EntryPoint = "llama_memory_seq_add")]
    public static partial void MemoryShift(nint memory, int sequence, int start, int end, int delta);

    [LibraryImport(Library, EntryPoint = "llama_memory_seq_pos_min")]
    [SuppressGCTransition]
    public static partial int MemoryFirstPosition(nint memory, int sequence);

    [LibraryImport(Library, EntryPoint = "llama_memory_seq_pos_max")]
    [SuppressGCTransition]
    public static partial int MemoryLastPosition(nint memory, int sequence);

    [LibraryImport(Library, EntryPoint = "llama_memory_can_shift")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool MemoryCanShift(nint memory);

    [LibraryImport(Library, EntryPoint = "llama_state_seq_get_size")]
    public static partial nuint StateSize(ContextHandle context, int sequence);

    [LibraryImport(Library, EntryPoint = "llama_state_seq_get_data")]
    public static partial nuint StateSave(ContextHandle context, byte* destination, nuint size, int sequence);

    [LibraryImport(Library, EntryPoint = "llama_state_seq_set_data")]
    public static partial nuint StateLoad(ContextHandle context, byte* source, nuint size, int sequence);
}
