using LlamaProvider.Benchmarks.Speculative;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Native.Loading;

// What speculative decoding gives: the same requests with and without it, beside the most that measured costs and acceptance allow.
BenchmarkOptions options = BenchmarkOptions.Parse(args);
NativeRuntime.EnsureLoaded(null);
var report = new BenchmarkReport();
using var files = new BenchFiles();

foreach (ModelPair pair in files.FindPairs(options, report))
{
    using var bench = new PairBench(pair, options, report);
    await bench.RunAsync();
}

report.Write(Console.Out);
if (options.Json is not null)
{
    report.Save(options.Json);
}
