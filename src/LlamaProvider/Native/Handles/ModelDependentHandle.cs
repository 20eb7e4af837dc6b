using System.Runtime.InteropServices;

namespace LlamaProvider.Native.Handles;

/// <summary>
/// Owns a native object that points into a model. It holds a count on the model's handle, so the model is freed last,
/// whatever the order in which the managed owners are disposed or finalized.
/// </summary>
internal abstract class ModelDependentHandle : SafeHandle
{
    private readonly ModelHandle _model;
    private readonly bool _modelHeld;

    protected ModelDependentHandle(nint native, ModelHandle model)
        : base(0, ownsHandle: true)
    {
        _model = model;
        model.DangerousAddRef(ref _modelHeld);
        SetHandle(native);
    }

    public override bool IsInvalid => handle == 0;

    protected abstract void Free(nint native);

    protected sealed override bool ReleaseHandle()
    {
        Free(handle);
        if (_modelHeld)
        {
            _model.DangerousRelease();
        }

        return true;
    }
}
