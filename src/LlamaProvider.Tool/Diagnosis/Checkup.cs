using LlamaProvider.Tool.Output;

namespace LlamaProvider.Tool.Diagnosis;

/// <summary>One finding.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Status"><c>ok</c>, <c>warning</c> (works, but worse than it could) or <c>problem</c> (does not work).</param>
/// <param name="Detail">What was found.</param>
/// <param name="Remedy">What to do; <see langword="null"/> when nothing is.</param>
internal sealed record Check(string Name, string Status, string Detail, string? Remedy = null)
{
    public const string Ok = "ok";
    public const string Warning = "warning";
    public const string Problem = "problem";
}

/// <summary>Judges what was found, and says what to do. Pure.</summary>
internal static class Checkup
{
    private const long LittleMemory = 1L << 30;
    private const long LittleRoom = 5L << 30;

    public static IReadOnlyList<Check> Judge(MachineReport machine, NativeReport native, IReadOnlyList<CacheReport> caches, bool hasKey) =>
        [JudgeNative(native), .. native.Problem is null ? [JudgeDevices(native)] : Array.Empty<Check>(), JudgeProcessor(machine), JudgeMemory(machine), .. caches.Select(JudgeCache), JudgeKey(hasKey)];

    private static Check JudgeNative(NativeReport native) => native.Problem is { } problem
        ? new Check("llama.cpp", Check.Problem, problem, "Set LLAMA_NATIVE_DIR to a folder with all files of one release of llama.cpp.")
        : new Check("llama.cpp", Check.Ok, $"{native.Version} in {native.Directory} (by {native.FoundBy}), back ends: {string.Join(", ", native.BackEnds)}");

    private static Check JudgeDevices(NativeReport native)
    {
        string devices = string.Join("; ", native.Devices.Select(static device => $"{device.Name} ({device.Kind}): {device.Description}, {Units.Bytes(device.FreeBytes)} of {Units.Bytes(device.TotalBytes)} free"));
        bool hasGpu = native.Devices.Any(static device => device.Kind is "gpu" or "integrated gpu");
        bool hasGpuBackEnd = native.BackEnds.Any(static kind => kind is not "cpu");
        return hasGpu ? new Check("devices", Check.Ok, devices)
            : hasGpuBackEnd ? new Check("devices", Check.Warning, $"{devices}; no GPU", native.MissingGpu is { } reason ? $"{reason} Or go on with the processor." : null)
            : new Check("devices", Check.Ok, devices, "For a GPU, set LLAMA_NATIVE_DIR to a build with CUDA or Vulkan, or pack the tool with -p:LlamaBackend=cuda or vulkan.");
    }

    private static Check JudgeProcessor(MachineReport machine)
    {
        string detail = $"{machine.Processor ?? machine.Architecture}, {machine.Cores} cores, {machine.Processors} hardware threads, {(machine.Features.Count > 0 ? string.Join(", ", machine.Features) : "no vector instructions")}";
        return machine.Architecture == "x64" && !machine.Features.Contains("AVX2")
            ? new Check("processor", Check.Warning, detail, "Without AVX2 models run several times slower. Choose small ones; in a virtual machine, let it see the processor's instructions.")
            : new Check("processor", Check.Ok, detail);
    }

    private static Check JudgeMemory(MachineReport machine)
    {
        string detail = $"{Units.Bytes(machine.MemoryBytes)}{(machine.FreeBytes is { } free ? $", {Units.Bytes(free)} free" : "")}";
        return (machine.FreeBytes ?? machine.MemoryBytes) < LittleMemory
            ? new Check("memory", Check.Warning, detail, "'show MODEL' says what a model takes; end other programs, or choose a smaller quantization or --context.")
            : new Check("memory", Check.Ok, detail);
    }

    private static Check JudgeCache(CacheReport cache)
    {
        string content = cache.Exists ? $"{cache.Models} {(cache.Models == 1 ? "model" : "models")}, {Units.Bytes(cache.Bytes)}" : "not there yet";
        string detail = $"{cache.Folder}: {content}{(cache.FreeBytes is { } free ? $", {Units.Bytes(free)} of the disk free" : "")}";
        return cache.Problem is { } problem ? new Check("cache", Check.Problem, $"{detail}; it cannot be written ({problem})", "Check its permissions, or name another folder with --cache or LLAMA_CACHE.")
            : cache.FreeBytes < LittleRoom ? new Check("cache", Check.Warning, detail, "'rm' makes room; --cache or LLAMA_CACHE names a folder on another disk.")
            : new Check("cache", Check.Ok, detail);
    }

    private static Check JudgeKey(bool hasKey) => hasKey
        ? new Check("key", Check.Ok, "HF_TOKEN is set")
        : new Check("key", Check.Ok, "HF_TOKEN is not set", "Models whose terms must be accepted first need it.");
}
