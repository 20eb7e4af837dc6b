using LlamaProvider.Tool.Diagnosis;

namespace LlamaProvider.Tool.Tests.Diagnosis;

public class CheckupTests
{
    private static readonly MachineReport Machine = new() { System = "Linux", Architecture = "x64", Processor = "P", Processors = 4, Cores = 2, Features = ["AVX", "AVX2"], MemoryBytes = 8L << 30, FreeBytes = 4L << 30 };

    private static readonly DeviceReport Cpu = new("CPU", "P", "cpu", 1L << 30, 2L << 30);

    private static readonly NativeReport Native = new() { Version = "0.5.0", Directory = "/n", FoundBy = "LLAMA_NATIVE_DIR", BackEnds = ["cpu"], Devices = [Cpu] };

    private static readonly CacheReport Cache = new("/c", Exists: true, Models: 1, Bytes: 1 << 20, FreeBytes: 10L << 30, Problem: null);

    [Fact]
    public void Judge_AllIsWell_IsOk()
    {
        IReadOnlyList<Check> checks = Checkup.Judge(Machine, Native, [Cache], hasKey: true);

        Assert.Equal(
            [
                new Check("llama.cpp", "ok", "0.5.0 in /n (by LLAMA_NATIVE_DIR), back ends: cpu"),
                new Check("devices", "ok", "CPU (cpu): P, 1.00 GiB of 2.00 GiB free", "For a GPU, set LLAMA_NATIVE_DIR to a build with CUDA or Vulkan, or pack the tool with -p:LlamaBackend=cuda or vulkan."),
                new Check("processor", "ok", "P, 2 cores, 4 hardware threads, AVX, AVX2"),
                new Check("memory", "ok", "8.00 GiB, 4.00 GiB free"),
                new Check("cache", "ok", "/c: 1 model, 1.0 MiB, 10.00 GiB of the disk free"),
                new Check("key", "ok", "HF_TOKEN is set"),
            ],
            checks);
    }

    [Fact]
    public void Judge_NoLlamaCpp_IsAProblemWithoutDevices()
    {
        IReadOnlyList<Check> checks = Checkup.Judge(Machine, new NativeReport { Problem = "not found." }, [], hasKey: false);

        Assert.Equal(new Check("llama.cpp", "problem", "not found.", "Set LLAMA_NATIVE_DIR to a folder with all files of one release of llama.cpp."), checks[0]);
        Assert.DoesNotContain(checks, check => check.Name == "devices");
        Assert.Equal(new Check("key", "ok", "HF_TOKEN is not set", "Models whose terms must be accepted first need it."), checks[^1]);
    }

    [Fact]
    public void Judge_Gpu_IsOkAndWithoutADriverAWarning()
    {
        NativeReport cuda = Native with { BackEnds = ["cpu", "cuda"], MissingGpu = "llama.cpp's CUDA back end found no device. Install the driver." };

        Assert.Equal("ok", Find("devices", cuda with { Devices = [Cpu, new DeviceReport("CUDA0", "G", "gpu", 1, 2)] }).Status);
        Assert.Equal(new Check("devices", "warning", "CPU (cpu): P, 1.00 GiB of 2.00 GiB free; no GPU", "llama.cpp's CUDA back end found no device. Install the driver. Or go on with the processor."), Find("devices", cuda));
    }

    [Fact]
    public void Judge_SlowProcessorLittleMemory_AreWarnings()
    {
        MachineReport old = Machine with { Features = [], FreeBytes = 100L << 20 };

        Assert.Equal(
            new Check("processor", "warning", "P, 2 cores, 4 hardware threads, no vector instructions", "Without AVX2 models run several times slower. Choose small ones; in a virtual machine, let it see the processor's instructions."),
            Find("processor", machine: old));
        Assert.Equal(new Check("memory", "warning", "8.00 GiB, 100.0 MiB free", "'show MODEL' says what a model takes; end other programs, or choose a smaller quantization or --context."), Find("memory", machine: old));
        Assert.Equal("ok", Find("processor", machine: old with { Architecture = "arm64" }).Status);
    }

    [Fact]
    public void Judge_Cache_SaysWhatIsWrongWithIt()
    {
        Assert.Equal(
            new Check("cache", "problem", "/c: 1 model, 1.0 MiB; it cannot be written (denied)", "Check its permissions, or name another folder with --cache or LLAMA_CACHE."),
            Find("cache", cache: Cache with { FreeBytes = null, Problem = "denied" }));
        Assert.Equal(
            new Check("cache", "warning", "/c: not there yet, 1.0 MiB of the disk free", "'rm' makes room; --cache or LLAMA_CACHE names a folder on another disk."),
            Find("cache", cache: Cache with { Exists = false, FreeBytes = 1 << 20 }));
    }

    [Fact]
    public void BackEnds_Files_AreKindsOnce() => Assert.Equal(
        ["cpu", "cuda"], NativeProbe.BackEndsOf(["libggml-base.so", "libggml-cpu-haswell.so", "libggml-cpu-x64.so", "ggml-cuda.dll", "libllama.v0.5.0.so", "libggml.v0.5.0.so"]));

    [Theory]
    [InlineData("/env/n", "/env/n", "LLAMA_NATIVE_DIR")]
    [InlineData("/app/runtimes/x", null, "the program's folder")]
    [InlineData("/other/node_modules/x", "", "a node_modules folder above the program")]
    public void FoundBy_Folder_IsTheRuleThatLedThere(string directory, string? variable, string expected) => Assert.Equal(expected, NativeProbe.FoundBy(directory, variable, "/app/"));

    [Fact]
    public void Kibibytes_Text_AreBytes()
    {
        Assert.Equal(22906L << 10, MachineProbe.ParseKibibytes("22906 kB"));
        Assert.Null(MachineProbe.ParseKibibytes("much"));
    }

    private static Check Find(string name, NativeReport? native = null, MachineReport? machine = null, CacheReport? cache = null) =>
        Assert.Single(Checkup.Judge(machine ?? Machine, native ?? Native, [cache ?? Cache], hasKey: true), check => check.Name == name);
}
