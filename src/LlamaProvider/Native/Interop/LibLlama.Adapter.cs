using System.Runtime.InteropServices;
using LlamaProvider.Native.Handles;

namespace LlamaProvider.Native.Interop;

// LoRA adapters. A model frees its adapters with itself.
internal static unsafe partial class LibLlama
{
    [LibraryImport(Library, EntryPoint = "llama_adapter_lora_init", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint AdapterLoad(ModelHandle model, string path);

    [LibraryImport(Library, EntryPoint = "llama_set_adapters_lora")]
    public static partial int SetAdapters(ContextHandle context, nint* adapters, nuint count, float* scales);
}
