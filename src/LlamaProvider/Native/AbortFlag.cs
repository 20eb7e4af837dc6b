using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlamaProvider.Native;

/// <summary>The flag that llama.cpp polls between graph nodes to see whether it should stop.</summary>
internal sealed unsafe class AbortFlag
{
    // Pinned for the flag's life, so that native code may hold its address.
    private readonly int[] _value = GC.AllocateArray<int>(1, pinned: true);

    public static delegate* unmanaged[Cdecl]<void*, byte> Callback => &IsSet;

    public void* Pointer => Unsafe.AsPointer(ref _value[0]);

    /// <summary>Clears the flag and sets it when the token is cancelled, until the result is disposed.</summary>
    public CancellationTokenRegistration Arm(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _value[0], 0);
        return cancellationToken.UnsafeRegister(static state => Volatile.Write(ref ((AbortFlag)state!)._value[0], 1), this);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte IsSet(void* data) => Volatile.Read(ref *(int*)data) != 0 ? (byte)1 : (byte)0;
}
