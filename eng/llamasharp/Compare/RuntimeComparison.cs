using LlamaProvider.Benchmarks.Support;

namespace LlamaProvider.LLamaSharp.Compare;

/// <summary>The same requests through both runtimes: the texts must be equal, and the rates are reported.</summary>
internal static class RuntimeComparison
{
    /// <summary>Runs all models.</summary>
    /// <returns>0; 1 when a greedy answer differs.</returns>
    public static async Task<int> RunAsync(string sharpNatives, string ownNatives, string[] arguments)
    {
        BenchmarkOptions options = BenchmarkOptions.Parse(arguments);
        var report = new BenchmarkReport();
        bool same = true;
        foreach (string model in options.FindModels())
        {
            int threads = options.Threads ?? (new FileInfo(model).Length < 32 << 20 ? 1 : Environment.ProcessorCount);
            using RuntimeProcess sharp = RuntimeProcess.Start(RuntimeServer.LLamaSharp, sharpNatives, model, threads);
            using RuntimeProcess own = RuntimeProcess.Start(RuntimeServer.Own, ownNatives, model, threads);
            string name = Path.GetFileNameWithoutExtension(model);
            report.Models[name] = $"{sharp.Model}, {threads} threads";
            same &= CompareTexts(name, sharp.GetTexts(), own.GetTexts());
            await CompareAsync(report, options, $"decode, whole answer, LLamaSharp, {name}", "own binding", sharp, "decode", own, "decode");
            await CompareAsync(report, options, $"prefill, LLamaSharp, {name}", "own binding", sharp, "prefill", own, "prefill");
            await CompareAsync(report, options, $"decode, whole answer, LLamaSharp, {name}", "bare loop on LLamaSharp", sharp, "decode", sharp, "bare");
        }

        report.Write(Console.Out);
        if (options.Json is not null)
        {
            report.Save(options.Json);
        }

        return same ? 0 : 1;
    }

    private static bool CompareTexts(string name, string[] sharp, string[] own)
    {
        string[] different = [.. Workload.Questions.Where((_, index) => sharp[index] != own[index])];
        Console.WriteLine($"{name}: {Workload.Questions.Length - different.Length} of {Workload.Questions.Length} greedy answers are the same text on both runtimes.");
        foreach (string question in different)
        {
            int index = Array.IndexOf(Workload.Questions, question);
            Console.WriteLine($"  {question}\n    LLamaSharp: {sharp[index]}\n    own:        {own[index]}");
        }

        return different.Length == 0;
    }

    private static async Task CompareAsync(
        BenchmarkReport report, BenchmarkOptions options, string figure, string peerName, RuntimeProcess sharp, string kind, RuntimeProcess peer, string peerKind)
    {
        int repeats = sharp.Calibrate(kind);
        peer.Calibrate(peerKind);
        (double[] ours, double[] theirs) = await Comparison.AlternateAsync(options.Rounds, () => sharp.RateAsync(kind, repeats), () => peer.RateAsync(peerKind, repeats));
        report.Rows.Add(Comparison.ToRow(figure, peerName, "tok/s", higherIsBetter: true, ours, theirs));
    }
}
