using LlamaProvider.Benchmarks.Search;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Native.Loading;

// What searches cost over a plain batched decode of as many sequences, what they hold in memory, and what a token guide shifts.
BenchmarkOptions options = BenchmarkOptions.Parse(args);
NativeRuntime.EnsureLoaded(null);
var report = new BenchmarkReport();

// A model of 100 million parameters and more takes minutes on a small machine, so a quick run has the embedded one only, unless it names others.
IEnumerable<string> models = options.FindModels();
foreach (string model in options is { Quick: true, Models.Count: 0 } ? models.Take(1) : models)
{
    using var bench = new StepBench(model, options, report);
    await bench.RunAsync();
}

await new ToneBench(options, report).RunAsync();
report.Write(Console.Out);
if (options.Json is not null)
{
    report.Save(options.Json);
}

return 0;
