using LlamaProvider.Benchmarks.Runtime;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Native.Loading;

// What the engine and the chat client cost over the library they stand on.
BenchmarkOptions options = BenchmarkOptions.Parse(args);
NativeRuntime.EnsureLoaded(null);
var report = new BenchmarkReport();
foreach (string model in options.FindModels())
{
    await new ModelBench(model, options, report).RunAsync();
}

TemplateBench.Run(options, report);
report.Write(Console.Out);
if (options.Json is not null)
{
    report.Save(options.Json);
}
