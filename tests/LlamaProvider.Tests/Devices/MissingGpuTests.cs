using LlamaProvider.Native;
using LlamaProvider.Native.Loading;

namespace LlamaProvider.Tests.Devices;

/// <summary>Why there is no GPU, told from the folder with llama.cpp.</summary>
public sealed class MissingGpuTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("llama-natives").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Explain_NoBackEndForGpus_SaysHowToBuildWithOne()
    {
        Put("ggml-cpu-haswell");

        Assert.False(MissingGpu.HasBackEnd(_directory, NativePlatform.Current));
        Assert.Equal(
            $"the llama.cpp in '{_directory}' has no back end for a GPU. Build with -p:LlamaBackend=cuda or -p:LlamaBackend=vulkan.",
            MissingGpu.Explain(_directory, NativePlatform.Current, ["CPU"]));
    }

    [Fact]
    public void Explain_BackEndWithoutDevices_AsksForTheDriver()
    {
        Put("ggml-cuda");

        Assert.True(MissingGpu.HasBackEnd(_directory, NativePlatform.Current));
        Assert.Equal(
            "llama.cpp's CUDA back end found no device. Install NVIDIA's driver and the CUDA runtime that the package was built for, or check that the process may use the device.",
            MissingGpu.Explain(_directory, NativePlatform.Current, ["CUDA", "CPU"]));
    }

    [Fact]
    public void Explain_BackEndThatCannotBeLoaded_SaysWhatTheSystemSays()
    {
        Put("ggml-vulkan");

        string text = MissingGpu.Explain(_directory, NativePlatform.Current, ["CPU"]);

        Assert.StartsWith("llama.cpp's Vulkan back end cannot be loaded: ", text, StringComparison.Ordinal);
        Assert.Contains("ggml-vulkan", text, StringComparison.Ordinal);
        Assert.EndsWith(". Install a Vulkan driver and loader (libvulkan1 or vulkan-1.dll).", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text);
    }

    private void Put(string library) =>
        File.WriteAllText(Path.Combine(_directory, NativePlatform.Current.LibraryPrefix + library + NativePlatform.Current.LibraryExtension), "no library");
}
