using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Benchmarks.Trace;
using LlamaProvider.Native.Loading;

// What tracing costs: nothing when off, and what it takes a token at each level.
BenchmarkOptions options = BenchmarkOptions.Parse(args);
NativeRuntime.EnsureLoaded(null);
var report = new BenchmarkReport();

// A quick run has the embedded model only, unless it names others.
IEnumerable<string> models = options.FindModels();
foreach (string model in options is { Quick: true, Models.Count: 0 } ? models.Take(1) : models)
{
    await new LevelBench(model, options, report).RunAsync();
}

report.Write(Console.Out);
if (options.Json is not null)
{
    report.Save(options.Json);
}

return 0;
