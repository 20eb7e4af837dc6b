using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace LlamaProvider.Decoding.Tests.Sampling;

/// <summary>The same seed gives the same tokens on processors of every vector width: each width runs in a process of its own.</summary>
public sealed class ReproducibilityTests
{
    private static readonly string[] Switches = ["EnableAVX512", "EnableAVX2", "EnableHWIntrinsic"];

    [Fact]
    public async Task Choose_ProcessorsOfEveryWidth_GiveTheSameTokens()
    {
        string[] here = await RunAsync(disabled: null);
        var lanes = new HashSet<string> { here[0] };
        foreach (string disabled in Switches)
        {
            string[] there = await RunAsync(disabled);
            lanes.Add(there[0]);
            Assert.Equal(here[1..], there[1..]);
        }

        Assert.Equal(12, here.Length);
        Assert.True(here[1..].Distinct().Count() == 11, "Two pipelines chose the same tokens, so the test says little.");

        // The widths really differed: as many as this processor can be held to.
        Assert.Equal(Vector512.IsHardwareAccelerated ? 4 : Vector256.IsHardwareAccelerated ? 3 : Vector128.IsHardwareAccelerated ? 2 : 1, lanes.Count);
    }

    private static async Task<string[]> RunAsync(string? disabled)
    {
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "SamplingProbe.dll")])
        {
            RedirectStandardOutput = true,
        };
        if (disabled is not null)
        {
            start.Environment[$"DOTNET_{disabled}"] = "0";
        }

        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
