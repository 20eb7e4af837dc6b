using System.Runtime.InteropServices;
using LlamaProvider.Devices;
using LlamaProvider.Native;
using LlamaProvider.Native.Interop;
using LlamaProvider.Native.Loading;

namespace LlamaProvider.Tool.Diagnosis;

/// <summary>Loads llama.cpp the way an engine does.</summary>
internal sealed class NativeProbe : INativeProbe
{
    public NativeReport Probe()
    {
        try
        {
            NativeLibraryFiles files = NativeRuntime.EnsureLoaded(null);
            return new NativeReport
            {
                Version = Version(),
                Directory = files.Directory,
                FoundBy = FoundBy(files.Directory, Environment.GetEnvironmentVariable(NativeLibraryLocator.EnvironmentVariable), AppContext.BaseDirectory),
                BackEnds = BackEndsOf(Directory.EnumerateFiles(files.Directory).Select(Path.GetFileName)!),
                Devices = [.. LlamaDevices.List().Select(static device => new DeviceReport(device.Name, device.Description, KindOf(device.Kind), device.FreeBytes, device.TotalBytes))],
                MissingGpu = LlamaDevices.ExplainMissingGpu(),
            };
        }
        catch (NativeLibraryException error)
        {
            return new NativeReport { Problem = error.Message };
        }
    }

    /// <summary>Which of the locator's rules led to a folder.</summary>
    internal static string FoundBy(string directory, string? variable, string program) =>
        !string.IsNullOrEmpty(variable) ? NativeLibraryLocator.EnvironmentVariable
        : directory.StartsWith(program, StringComparison.Ordinal) ? "the program's folder"
        : "a node_modules folder above the program";

    /// <summary>Kinds of back ends by their files' names: <c>libggml-cpu-haswell.so</c>, <c>ggml-cuda.dll</c>.</summary>
    internal static IReadOnlyList<string> BackEndsOf(IEnumerable<string> files) =>
    [
        .. from file in files
           let name = file.StartsWith("lib", StringComparison.Ordinal) ? file[3..] : file
           where name.StartsWith("ggml-", StringComparison.Ordinal)
           let kind = name["ggml-".Length..].Split('-', '.')[0]
           where kind != "base"
           group kind by kind into kinds
           orderby kinds.Key
           select kinds.Key,
    ];

    private static string KindOf(LlamaDeviceKind kind) => kind switch
    {
        LlamaDeviceKind.Cpu => "cpu",
        LlamaDeviceKind.Gpu => "gpu",
        LlamaDeviceKind.IntegratedGpu => "integrated gpu",
        LlamaDeviceKind.Accelerator => "accelerator",
        _ => "other",
    };

    private static unsafe string? Version() => Marshal.PtrToStringUTF8((nint)LibLlama.Version());
}
