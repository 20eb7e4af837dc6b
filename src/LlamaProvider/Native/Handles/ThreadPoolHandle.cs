using System.Runtime.InteropServices;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native.Handles;

/// <summary>Owns threads of llama.cpp's CPU back end (<c>ggml_threadpool</c>) that last as long as a context.</summary>
/// <remarks>
/// Without them the back end starts and joins threads for every evaluation (measured with two threads: 3 % of a step of SmolLM2-135M). They do not spin between
/// evaluations (poll 0), since that would take the core on which the engine and its readers run.
/// </remarks>
internal sealed unsafe class ThreadPoolHandle : SafeHandle
{
    private readonly delegate* unmanaged[Cdecl]<nint, void> _free;

    private ThreadPoolHandle(nint pool, nint free)
        : base(0, ownsHandle: true)
    {
        _free = (delegate* unmanaged[Cdecl]<nint, void>)free;
        SetHandle(pool);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Starts threads; <see langword="null"/> where one is enough, or the back end does not offer it.</summary>
    public static ThreadPoolHandle? Create(int threads)
    {
        nint device = LibGgml.DeviceByType(DeviceType.Cpu);
        if (threads < 2 || device == 0)
        {
            return null;
        }

        nint registry = LibGgml.DeviceRegistry(device);
        var create = (delegate* unmanaged[Cdecl]<GgmlThreadPoolParams*, nint>)LibGgml.GetProcedure(registry, "ggml_threadpool_new");
        nint free = LibGgml.GetProcedure(registry, "ggml_threadpool_free");
        GgmlThreadPoolParams parameters;
        LibGgml.ThreadPoolParamsInit(&parameters, threads);
        if (create is null || free == 0 || parameters.Threads != threads)
        {
            // The last means that the structure is laid out differently; the back end's own threads do as well.
            return null;
        }

        parameters.Poll = 0;
        nint pool = create(&parameters);
        return pool == 0 ? null : new ThreadPoolHandle(pool, free);
    }

    protected override bool ReleaseHandle()
    {
        _free(handle);
        return true;
    }
}
