using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace LlamaProvider.LLamaSharp.Compare;

/// <summary>A <see cref="RuntimeServer"/> in a process of its own.</summary>
internal sealed class RuntimeProcess : IDisposable
{
    private readonly Process _process;

    private RuntimeProcess(Process process, string model) => (_process, Model) = (process, model);

    /// <summary>The model's sizes.</summary>
    public string Model { get; }

    public static RuntimeProcess Start(string runtime, string natives, string model, int threads)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            [Path.Combine(AppContext.BaseDirectory, "LlamaProvider.LLamaSharp.Compare.dll"), "serve", runtime, Path.GetFullPath(natives), Path.GetFullPath(model), $"{threads}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) != "dotnet")
        {
            start.ArgumentList.RemoveAt(0);
        }

        Process process = Process.Start(start)!;
        return new RuntimeProcess(process, process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The process of the runtime '{runtime}' ended at once."));
    }

    /// <summary>The greedy answers to all questions.</summary>
    public string[] GetTexts() => JsonSerializer.Deserialize<string[]>(Ask("texts", 1))!;

    /// <summary>Does some work and returns its units a second.</summary>
    public Task<double> RateAsync(string kind, int repeats) => Task.Run(() =>
    {
        double[] answer = Numbers(Ask(kind, repeats));
        return answer[0] / answer[1];
    });

    /// <summary>How often a kind of work fits into about a second.</summary>
    public int Calibrate(string kind)
    {
        Ask(kind, 1);
        return Math.Max(1, (int)(1 / Numbers(Ask(kind, 1))[1]));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(10_000);
        _process.Dispose();
    }

    private string Ask(string kind, int repeats)
    {
        _process.StandardInput.WriteLine($"{kind} {repeats}");
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The process ended over '{kind}'.");
    }

    private static double[] Numbers(string line) => [.. line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
}
