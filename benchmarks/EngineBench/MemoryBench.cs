using System.Diagnostics;
using System.Globalization;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using LlamaProvider.Native;
using LlamaProvider.Native.Loading;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Engine;

/// <summary>Peak memory of a process that answers 16 requests at once, ours and the bare loop each in a process of its own.</summary>
internal static class MemoryBench
{
    public const string Command = "memory-child";
    private const double MiB = 1024 * 1024;

    public static async Task RunAsync(string path, BenchmarkOptions options, BenchmarkReport report)
    {
        (double[] ours, double[] peer) = await Comparison.AlternateAsync(options.Quick ? 3 : 5, () => MeasureAsync("ours", path), () => MeasureAsync("bare", path));
        report.Rows.Add(Comparison.ToRow(
            $"peak memory, 16 at once, {Path.GetFileNameWithoutExtension(path)}", "bare batched loop", "MiB", higherIsBetter: false, ours, peer));
    }

    public static async Task<int> RunChildAsync(string side, string path)
    {
        NativeRuntime.EnsureLoaded(null);
        BenchmarkOptions options = BenchmarkOptions.Parse([]);
        ChatMessage[] questions = [.. Enumerable.Range(0, BenchEngine.Sequences).Select(BenchEngine.Story)];
        if (side == "ours")
        {
            await using var engine = new BenchEngine(path, options, contextLength: 4096, prefixCacheSequences: 16);
            await Task.WhenAll(questions.Select(question => engine.Client.GetResponseAsync([question], BenchEngine.Greedy(32))));
        }
        else
        {
            using LlamaCppModel model = LlamaCppModel.Load(path, new LlamaCppModelOptions(), null, CancellationToken.None);
            using var bare = new BareBatchLoop(model, 4096, BenchEngine.BatchTokens, BenchEngine.Sequences, ContextPlan.DefaultThreads(model));
            var prompts = new ChatPromptBuilder(model, null, TimeProvider.System);
            bare.Generate([.. questions.Select(question => prompts.Build([question], null))], 32);
        }

        Console.WriteLine((Process.GetCurrentProcess().PeakWorkingSet64 / MiB).ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static async Task<double> MeasureAsync(string side, string path)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. Arguments(), Command, side, path]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? double.Parse(output, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The {side} process ended with {process.ExitCode}.");
    }

    /// <summary>Under <c>dotnet run</c> the process is this program; under <c>dotnet program.dll</c> it is the host, which wants the program first.</summary>
    private static string[] Arguments() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "EngineBench.dll")] : [];
}
