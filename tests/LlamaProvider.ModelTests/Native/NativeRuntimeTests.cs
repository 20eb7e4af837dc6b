using System.Reflection;
using System.Runtime.InteropServices;
using LlamaProvider.Native;
using LlamaProvider.Native.Interop;
using LlamaProvider.Native.Loading;

namespace LlamaProvider.ModelTests.Native;

public sealed class NativeRuntimeTests
{
    public NativeRuntimeTests() => NativeRuntime.EnsureLoaded(null);

    [Fact]
    public void Imports_EveryEntryPoint_IsExported()
    {
        NativeLibraryFiles files = NativeRuntime.Files!;
        var libraries = new Dictionary<string, nint>
        {
            [LibLlama.Library] = NativeLibrary.Load(files.Llama),
            [LibGgml.Library] = NativeLibrary.Load(files.Ggml),
            [LibGgml.BaseLibrary] = NativeLibrary.Load(files.GgmlBase),
        };
        LibraryImportAttribute[] imports =
        [
            .. new[] { typeof(LibLlama), typeof(LibGgml) }
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
                .Select(method => method.GetCustomAttribute<LibraryImportAttribute>())
                .OfType<LibraryImportAttribute>(),
        ];

        string[] missing = [.. imports.Where(import => !NativeLibrary.TryGetExport(libraries[import.LibraryName], import.EntryPoint!, out _)).Select(import => import.EntryPoint!)];

        Assert.True(imports.Length > 60, $"Only {imports.Length} imports were found, so this proves little.");
        Assert.Empty(missing);
    }

    [Fact]
    public void EnsureLoaded_AnotherDirectory_IsRefused()
    {
        string directory = NativeRuntime.Files!.Directory;
        NativeRuntime.EnsureLoaded(directory + Path.DirectorySeparatorChar);

        Assert.Equal(
            $"llama.cpp is already loaded from '{directory}', so 'elsewhere' cannot be used. A process has one llama.cpp; give every engine the same native directory, or none.",
            Assert.Throws<NativeLibraryException>(() => NativeRuntime.EnsureLoaded("elsewhere")).Message);
    }

    [Fact]
    public void MaxSequences_OfTheLibrary_IsOurs() => Assert.Equal(Decoding.Model.ContextOptions.MaxSequences, (int)LibLlama.MaxParallelSequences());

    [Fact]
    public void Devices_Any_HaveNamesAndMemory()
    {
        Assert.True(LibGgml.DeviceCount() > 0);
        unsafe
        {
            nint device = LibGgml.DeviceGet(0);
            LibGgml.DeviceMemory(device, out _, out nuint total);
            Assert.NotEmpty(Marshal.PtrToStringUTF8((nint)LibGgml.DeviceName(device))!);
            Assert.NotEmpty(Marshal.PtrToStringUTF8((nint)LibGgml.DeviceDescription(device))!);
            Assert.True(total > 0);
        }
    }
}
