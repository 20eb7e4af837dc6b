using System.Runtime.InteropServices;
using LlamaProvider.Native.Loading;

namespace LlamaProvider.Native;

/// <summary>Tells why a folder with llama.cpp gives no GPU: it has no back end for one, its library cannot be loaded, or the driver shows no device.</summary>
internal static class MissingGpu
{
    private static readonly (string File, string BackEnd, string Driver)[] Known =
    [
        ("cuda", "CUDA", "Install NVIDIA's driver and the CUDA runtime that the package was built for"),
        ("vulkan", "Vulkan", "Install a Vulkan driver and loader (libvulkan1 or vulkan-1.dll)"),
        ("hip", "ROCm", "Install AMD's ROCm"),
        ("sycl", "SYCL", "Install Intel's oneAPI runtime"),
        ("metal", "Metal", "Use a Mac with a GPU that Metal supports"),
    ];

    /// <summary>Whether the folder has a back end for GPUs.</summary>
    public static bool HasBackEnd(string directory, NativePlatform platform) => Array.Exists(Known, known => LibraryOf(known.File, directory, platform) is not null);

    /// <param name="directory">The folder.</param>
    /// <param name="platform">How libraries are named.</param>
    /// <param name="loaded">The back ends that ggml has loaded.</param>
    public static string Explain(string directory, NativePlatform platform, IReadOnlyList<string> loaded)
    {
        foreach ((string file, string backEnd, string driver) in Known)
        {
            if (LibraryOf(file, directory, platform) is { } library)
            {
                return loaded.Contains(backEnd, StringComparer.OrdinalIgnoreCase)
                    ? $"llama.cpp's {backEnd} back end found no device. {driver}, or check that the process may use the device."
                    : $"llama.cpp's {backEnd} back end cannot be loaded{ReasonOf(library)}. {driver}.";
            }
        }

        return $"the llama.cpp in '{directory}' has no back end for a GPU. Build with -p:LlamaBackend=cuda or -p:LlamaBackend=vulkan.";
    }

    private static string? LibraryOf(string file, string directory, NativePlatform platform) =>
        Directory.EnumerateFiles(directory, $"{platform.LibraryPrefix}ggml-{file}*").FirstOrDefault(path => path.Contains(platform.LibraryExtension, StringComparison.Ordinal));

    private static string ReasonOf(string library)
    {
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(library));
            return "";
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            // The runtime adds the places that it has tried, line by line; the first says what is missing.
            return $": {error.Message.Split('\n')[0].Trim().TrimEnd('.')}";
        }
    }
}
