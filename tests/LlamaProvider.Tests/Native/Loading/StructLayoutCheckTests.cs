using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlamaProvider.Native;
using LlamaProvider.Native.Interop;
using LlamaProvider.Native.Loading;

namespace LlamaProvider.Tests.Native.Loading;

public sealed unsafe class StructLayoutCheckTests
{
    /// <summary>The sizes of llama.h at v0.5.0 on x64, as a C compiler gives them.</summary>
    [Fact]
    public void Structs_Sizes_AreThoseOfTheHeader()
    {
        Assert.Equal(80, Unsafe.SizeOf<LlamaModelParams>());
        Assert.Equal(160, Unsafe.SizeOf<LlamaContextParams>());
        Assert.Equal(56, Unsafe.SizeOf<LlamaBatch>());
        Assert.Equal(1, Unsafe.SizeOf<LlamaSamplerChainParams>());
    }

    [Fact]
    public void Measure_FunctionThatWrites_FindsTheLastByte() => Assert.Equal(77, StructLayoutCheck.Measure(&Write77));

    [Theory]
    [InlineData(80)]
    [InlineData(78)]
    [InlineData(73)]
    public void Check_SizeWithinPadding_IsAccepted(int written) => StructLayoutCheck.Check("f", written, expected: 80, "0.5.0");

    [Theory]
    [InlineData(72)]
    [InlineData(81)]
    [InlineData(88)]
    public void Check_OtherSize_IsRefused(int written) => Assert.Equal(
        $"llama.cpp 0.5.0: llama_model_default_params writes {written} bytes where this library expects 80. " +
        "The loaded file is not a build of a supported version (0.4.x and 0.5.x); use the libraries that the build restores.",
        Assert.Throws<NativeLibraryException>(() => StructLayoutCheck.Check("llama_model_default_params", written, 80, "0.5.0")).Message);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* Write77(byte* target)
    {
        // Byte 10 takes both patterns' values in turn in a real struct; here everything is written.
        new Span<byte>(target, 77).Fill(0xA5);
        return target;
    }
}
