using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using LlamaProvider.Native;

namespace LlamaProvider.Tool.Diagnosis;

/// <summary>Finds out about the machine.</summary>
internal interface IMachineProbe
{
    MachineReport Probe();
}

/// <summary>What is known of the machine.</summary>
internal sealed record MachineReport
{
    public required string System { get; init; }

    public required string Architecture { get; init; }

    /// <summary>The processor's name; <see langword="null"/> where the system does not tell it.</summary>
    public string? Processor { get; init; }

    /// <summary>Hardware threads that this process may use.</summary>
    public required int Processors { get; init; }

    /// <summary>Physical cores that this process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Instruction sets that llama.cpp gains from.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Memory that this process may use.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Memory that is free now; <see langword="null"/> where the system does not tell it.</summary>
    public long? FreeBytes { get; init; }
}

/// <summary>Reads what .NET knows and, on Linux, what the kernel tells.</summary>
internal sealed class MachineProbe : IMachineProbe
{
    public MachineReport Probe() => new()
    {
        System = RuntimeInformation.OSDescription,
        Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        Processor = ValueOf("/proc/cpuinfo", "model name") ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER"),
        Processors = Environment.ProcessorCount,
        Cores = PhysicalCores.Count,
        Features = FindFeatures(),
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        FreeBytes = ValueOf("/proc/meminfo", "MemAvailable") is { } free ? ParseKibibytes(free) : null,
    };

    /// <summary>Bytes of a value such as <c>22906 kB</c>.</summary>
    internal static long? ParseKibibytes(string value) =>
        long.TryParse(value.Split(' ')[0], CultureInfo.InvariantCulture, out long kibibytes) ? kibibytes << 10 : null;

    private static List<string> FindFeatures()
    {
        (string Name, bool IsThere)[] features =
        [
            ("AVX", Avx.IsSupported), ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX-512", Avx512F.IsSupported), ("AVX-VNNI", AvxVnni.IsSupported),
            ("NEON", AdvSimd.IsSupported), ("dot product", Dp.IsSupported),
        ];
        return [.. features.Where(static feature => feature.IsThere).Select(static feature => feature.Name)];
    }

    private static string? ValueOf(string file, string key)
    {
        try
        {
            string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) : null;
            return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
