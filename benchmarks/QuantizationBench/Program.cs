using LlamaProvider.Benchmarks.Quantization;
using LlamaProvider.Benchmarks.Support;

// What fewer bits for the weights save, gain and cost: bytes, tokens per second and perplexity of each type against 32-bit floats, which are made of the model that is there.
BenchmarkOptions options = BenchmarkOptions.Parse(args);
var report = new BenchmarkReport();

// A model of 100 million parameters and more takes minutes on a small machine, so a quick run has the embedded one only, unless it names others.
IEnumerable<string> models = options.FindModels();
foreach (string model in options is { Quick: true, Models.Count: 0 } ? models.Take(1) : models)
{
    using var files = new QuantizedFiles(model);
    await new TypeBench(files, options, report).RunAsync();
}

report.Write(Console.Out);
if (options.Json is not null)
{
    report.Save(options.Json);
}

return 0;
