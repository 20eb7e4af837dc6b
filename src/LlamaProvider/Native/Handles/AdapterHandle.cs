using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native.Handles;

/// <summary>Owns a LoRA adapter (<c>llama_adapter_lora</c>), which llama.cpp would otherwise free with its model.</summary>
internal sealed class AdapterHandle(nint adapter, ModelHandle model) : ModelDependentHandle(adapter, model)
{
    protected override void Free(nint native) => LibLlama.AdapterFree(native);
}
