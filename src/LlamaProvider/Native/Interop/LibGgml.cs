using System.Runtime.InteropServices;

namespace LlamaProvider.Native.Interop;

/// <summary>ggml's backend registry, exported by <c>libggml</c> beside <c>libllama</c>.</summary>
internal static unsafe partial class LibGgml
{
    internal const string Library = "ggml";
    internal const string BaseLibrary = "ggml-base";

    [LibraryImport(Library, EntryPoint = "ggml_backend_load_all_from_path", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void BackendLoadAll(string directory);

    [LibraryImport(Library, EntryPoint = "ggml_backend_dev_count")]
    public static partial nuint DeviceCount();

    [LibraryImport(Library, EntryPoint = "ggml_backend_dev_get")]
    public static partial nint DeviceGet(nuint index);

    [LibraryImport(Library, EntryPoint = "ggml_backend_dev_by_type")]
    public static partial nint DeviceByType(int type);

    [LibraryImport(Library, EntryPoint = "ggml_backend_reg_count")]
    public static partial nuint RegistryCount();

    [LibraryImport(Library, EntryPoint = "ggml_backend_reg_get")]
    public static partial nint RegistryGet(nuint index);

    [LibraryImport(BaseLibrary, EntryPoint = "ggml_backend_reg_name")]
    public static partial byte* RegistryName(nint registry);

    [LibraryImport(BaseLibrary, EntryPoint = "ggml_backend_dev_backend_reg")]
    public static partial nint DeviceRegistry(nint device);

    [LibraryImport(BaseLibrary, EntryPoint = "ggml_backend_reg_get_proc_address", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GetProcedure(nint registry, string name);

    [LibraryImport(BaseLibrary, EntryPoint = "ggml_threadpool_params_init")]
    public static partial void ThreadPoolParamsInit(GgmlThreadPoolParams* parameters, int threads);

    [LibraryImport(BaseLibrary, EntryPoint = "ggml_backend_dev_name")]
    public static partial byte* DeviceName(nint device);

    [LibraryImport(BaseLibrary, EntryPoint = "ggml_backend_dev_description")]
    public static partial byte* DeviceDescription(nint device);

    [LibraryImport(BaseLibrary, EntryPoint = "ggml_backend_dev_memory")]
    public static partial void DeviceMemory(nint device, out nuint free, out nuint total);

    [LibraryImport(BaseLibrary, EntryPoint = "ggml_backend_dev_type")]
    public static partial int DeviceType(nint device);
}
