using LlamaProvider.Native;
using LlamaProvider.Native.Loading;

namespace LlamaProvider.Devices;

/// <summary>The devices of this machine that llama.cpp can compute on.</summary>
public static class LlamaDevices
{
    /// <summary>Loads llama.cpp, if this process has not yet, and asks it for its devices. The processor is always one of them.</summary>
    /// <param name="nativeDirectory">The folder with llama.cpp's libraries, as in <see cref="LlamaEngineOptions.NativeDirectory"/>; found when it is <see langword="null"/>.</param>
    /// <exception cref="NativeLibraryException">llama.cpp cannot be loaded, or is loaded from another folder.</exception>
    public static IReadOnlyList<LlamaDevice> List(string? nativeDirectory = null)
    {
        NativeRuntime.EnsureLoaded(nativeDirectory);
        return [.. NativeDevices.List().Select(static native => native.Device)];
    }

    /// <summary>Why llama.cpp uses no GPU, and what to do about it; <see langword="null"/> when it has one.</summary>
    /// <param name="nativeDirectory">As in <see cref="List"/>.</param>
    /// <exception cref="NativeLibraryException">llama.cpp cannot be loaded, or is loaded from another folder.</exception>
    public static string? ExplainMissingGpu(string? nativeDirectory = null)
    {
        NativeLibraryFiles files = NativeRuntime.EnsureLoaded(nativeDirectory);
        return NativeDevices.List().Exists(static native => native.Device.IsGpu) ? null : MissingGpu.Explain(files.Directory, NativePlatform.Current, NativeDevices.LoadedBackEnds());
    }
}
