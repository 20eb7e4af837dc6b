using System.Runtime.InteropServices;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native.Handles;

/// <summary>Owns a <c>llama_model</c>.</summary>
internal sealed class ModelHandle : SafeHandle
{
    public ModelHandle(nint model)
        : base(0, ownsHandle: true) => SetHandle(model);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibLlama.ModelFree(handle);
        return true;
    }
}
