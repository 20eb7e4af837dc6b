using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native.Loading;

/// <summary>
/// Compares our struct layouts with the loaded library's before any of them is used, since a field too many or too few corrupts memory silently.
/// </summary>
/// <remarks>
/// A C function that returns a struct above 16 bytes writes it through a hidden pointer. On x64 that pointer is the first argument, in both calling
/// conventions, so the default-params calls can be made to write into a buffer of ours: filled with two different patterns, the last byte that
/// takes the same value under both is the last byte that the library writes. On Arm64 the pointer travels in a register that C# cannot set, and the
/// layouts are the same there, so only the default values are compared.
/// </remarks>
internal static unsafe class StructLayoutCheck
{
    private const int BufferSize = 1024;

    public static void Run(nint library, string version)
    {
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            Compare<LlamaModelParams>(library, "llama_model_default_params", version);
            Compare<LlamaContextParams>(library, "llama_context_default_params", version);
            Compare<LlamaModelQuantizeParams>(library, "llama_model_quantize_default_params", version);
        }

        CompareDefaults(version);
    }

    /// <summary>The number of bytes that <paramref name="write"/> writes, found with two fill patterns.</summary>
    internal static int Measure(delegate* unmanaged[Cdecl]<byte*, byte*> write)
    {
        Span<byte> first = stackalloc byte[BufferSize];
        Span<byte> second = stackalloc byte[BufferSize];
        first.Fill(0xA5);
        second.Fill(0x5A);
        fixed (byte* one = first, two = second)
        {
            write(one);
            write(two);
        }

        int written = BufferSize;
        while (written > 0 && first[written - 1] == 0xA5 && second[written - 1] == 0x5A)
        {
            written--;
        }

        return written;
    }

    private static void Compare<T>(nint library, string function, string version)
        where T : unmanaged
    {
        var write = (delegate* unmanaged[Cdecl]<byte*, byte*>)NativeLibrary.GetExport(library, function);
        Check(function, Measure(write), Unsafe.SizeOf<T>(), version);
    }

    /// <summary>Trailing padding may stay unwritten, so up to one alignment unit less than our size is the same layout.</summary>
    internal static void Check(string function, int written, int expected, string version)
    {
        if (written > expected || written <= expected - sizeof(nint))
        {
            throw new NativeLibraryException(
                $"llama.cpp {version}: {function} writes {written} bytes where this library expects {expected}. " +
                $"The loaded file is not a build of a supported version ({NativeRuntime.SupportedVersions}); use the libraries that the build restores.");
        }
    }

    private static void CompareDefaults(string version)
    {
        LlamaContextParams context = LibLlama.ContextDefaultParams();
        LlamaModelParams model = LibLlama.ModelDefaultParams();
        bool same = context is { ContextLength: 512, BatchTokens: 2048, MicroBatchTokens: 512, Sequences: 1, TypeK: GgmlType.F16, TypeV: GgmlType.F16 }
            && context.SamplerCount == 0 && context.OtherContext == 0 && model.Devices == 0 && model.MainGpu == 0 && model.VocabularyOnly == 0;
        if (!same)
        {
            throw new NativeLibraryException(
                $"llama.cpp {version} returns default parameters that do not fit this library's layout. " +
                $"The loaded file is not a build of a supported version ({NativeRuntime.SupportedVersions}); use the libraries that the build restores.");
        }
    }
}
