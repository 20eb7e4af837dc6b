using LlamaProvider.Benchmarks.Engine;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Native.Loading;

// What continuous batching and the prefix cache give, and what they cost over the library they stand on.
if (args is [MemoryBench.Command, var side, var file])
{
    return await MemoryBench.RunChildAsync(side, file);
}

BenchmarkOptions options = BenchmarkOptions.Parse(args);
NativeRuntime.EnsureLoaded(null);
var report = new BenchmarkReport();

// A model of 100 million parameters and more takes minutes on a small machine, so a quick run has the embedded one only, unless it names others.
IEnumerable<string> models = options.FindModels();
foreach (string model in options is { Quick: true, Models.Count: 0 } ? models.Take(1) : models)
{
    await new ConcurrencyBench(model, options, report).RunAsync();
    await new PrefixBench(model, options, report).RunAsync();
    await new StallBench(model, options, report).RunAsync();
    await MemoryBench.RunAsync(model, options, report);
}

report.Write(Console.Out);
if (options.Json is not null)
{
    report.Save(options.Json);
}

return 0;
