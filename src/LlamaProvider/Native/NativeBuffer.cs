using System.Runtime.InteropServices;

namespace LlamaProvider.Native;

/// <summary>Owns a block of native memory; a sequence's state can be larger than a managed array.</summary>
internal sealed unsafe class NativeBuffer : SafeHandle
{
    public NativeBuffer(nuint length)
        : base(0, ownsHandle: true)
    {
        Length = length;
        SetHandle((nint)NativeMemory.Alloc(length));
    }

    public override bool IsInvalid => handle == 0;

    public nuint Length { get; }

    public byte* Pointer => (byte*)handle;

    public UnmanagedMemoryStream OpenStream(FileAccess access) => new(Pointer, (long)Length, (long)Length, access);

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
