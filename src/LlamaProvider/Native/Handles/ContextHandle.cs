using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native.Handles;

/// <summary>Owns a <c>llama_context</c>.</summary>
internal sealed class ContextHandle(nint context, ModelHandle model) : ModelDependentHandle(context, model)
{
    protected override void Free(nint native) => LibLlama.ContextFree(native);
}
