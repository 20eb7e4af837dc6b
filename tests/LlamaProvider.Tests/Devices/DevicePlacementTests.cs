using LlamaProvider.Devices;
using LlamaProvider.Native;
using LlamaProvider.Options;

namespace LlamaProvider.Tests.Devices;

/// <summary>Which GPUs a model goes to, and what is said where they are not there.</summary>
public sealed class DevicePlacementTests
{
    private const string Missing = "llama.cpp's CUDA back end found no device. Install the driver.";

    private static readonly LlamaDevice Cpu = new("CPU", "A processor", "CPU", LlamaDeviceKind.Cpu, 8, 16, false);
    private static readonly LlamaDevice First = new("CUDA0", "A card", "CUDA", LlamaDeviceKind.Gpu, 8, 16, true);
    private static readonly LlamaDevice Second = new("CUDA1", "A card", "CUDA", LlamaDeviceKind.Gpu, 8, 16, true);
    private static readonly LlamaDevice Shared = new("Vulkan0", "A chip", "Vulkan", LlamaDeviceKind.IntegratedGpu, 8, 16, false);

    [Theory]
    [InlineData(null)]
    [InlineData(LlamaSplitMode.None)]
    [InlineData(LlamaSplitMode.Layer)]
    [InlineData(LlamaSplitMode.Row)]
    public void Of_NoMainDevice_LeavesTheChoiceToLlamaCpp(LlamaSplitMode? mode)
    {
        DevicePlacement placement = Place(new LlamaCppModelOptions { SplitMode = mode }, Cpu, First, Second);

        Assert.Null(placement.Devices);
        Assert.Equal(mode, placement.SplitMode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(LlamaSplitMode.None)]
    public void Of_MainDevice_IsTheOnlyOne(LlamaSplitMode? mode)
    {
        DevicePlacement placement = Place(new LlamaCppModelOptions { SplitMode = mode, MainDevice = "cuda1" }, First, Second, Cpu);

        Assert.Equal([1], placement.Devices!);
        Assert.Equal(LlamaSplitMode.None, placement.SplitMode);
    }

    [Fact]
    public void Of_MainDeviceOfRows_LeadsTheOthers()
    {
        DevicePlacement placement = Place(new LlamaCppModelOptions { SplitMode = LlamaSplitMode.Row, MainDevice = "CUDA1" }, Cpu, First, Second);

        Assert.Equal([2, 1], placement.Devices!);
        Assert.Equal(LlamaSplitMode.Row, placement.SplitMode);
    }

    [Fact]
    public void Of_MainDeviceIsIntegrated_TakesIt() =>
        Assert.Equal([2], Place(new LlamaCppModelOptions { MainDevice = "Vulkan0" }, Cpu, First, Shared).Devices!);

    [Fact]
    public void Of_UnknownMainDevice_NamesThoseThatAreThere() => Assert.Equal(
        "LlamaEngineOptions: MainDevice is 'CUDA7', but the GPUs here are CUDA0, CUDA1. Name one of them, or leave the option unset.",
        Assert.Throws<InvalidOptionsException>(() => Place(new LlamaCppModelOptions { MainDevice = "CUDA7" }, Cpu, First, Second)).Message);

    [Fact]
    public void Of_ProcessorAsMainDevice_IsNoGpu() => Assert.Equal(
        "LlamaEngineOptions: MainDevice is 'CPU', but the GPUs here are CUDA0. Name one of them, or leave the option unset.",
        Assert.Throws<InvalidOptionsException>(() => Place(new LlamaCppModelOptions { MainDevice = "CPU" }, Cpu, First)).Message);

    [Fact]
    public void Of_LayersWithoutAGpu_SaysWhyThereIsNone() => Assert.Equal(
        "LlamaEngineOptions: GpuLayers is 20, but there is no GPU: llama.cpp's CUDA back end found no device. Install the driver. Or leave the option unset, which uses the CPU where there is no GPU. " +
        "MainDevice is 'CUDA0', but there is no GPU: llama.cpp's CUDA back end found no device. Install the driver. Or leave the option unset, which uses the CPU where there is no GPU.",
        Assert.Throws<InvalidOptionsException>(() => Place(new LlamaCppModelOptions { GpuLayers = 20, MainDevice = "CUDA0" }, Cpu)).Message);

    [Fact]
    public void Of_RowsOnABackEndThatCannotSplitThem_NamesIt() => Assert.Equal(
        "LlamaEngineOptions: SplitMode is Row, but the back end Vulkan of Vulkan0 cannot split matrices. Choose Layer or None, or leave the option unset.",
        Assert.Throws<InvalidOptionsException>(() => Place(new LlamaCppModelOptions { SplitMode = LlamaSplitMode.Row }, Cpu, Shared)).Message);

    [Fact]
    public void Of_NoLayersWithoutAGpu_IsThePlainCase() => Assert.Null(Place(new LlamaCppModelOptions { GpuLayers = 0 }, Cpu).Devices);

    private static DevicePlacement Place(LlamaCppModelOptions options, params LlamaDevice[] devices) => DevicePlacement.Of(options, devices, () => Missing);
}
