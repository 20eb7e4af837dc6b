using LlamaProvider.Benchmarks.Sampling;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Native;
using LlamaProvider.Native.Interop;
using LlamaProvider.Native.Loading;

// Choosing a token: our pipelines and llama.cpp's sampler chain over the same logits.
BenchmarkOptions options = BenchmarkOptions.Parse(args);
NativeRuntime.EnsureLoaded(null);
LibSampler.Connect();

// Only its vocabulary is used: the peer looks for sequence breakers in it.
string path = Path.Combine(BenchmarkOptions.RepositoryRoot, "models", "pocket-chat.Q8_0.gguf");
using LlamaCppModel model = LlamaCppModel.Load(path, new LlamaCppModelOptions(), null, CancellationToken.None);
IReadOnlyList<SamplerFigure> figures = SamplerFigure.All(LibLlama.ModelGetVocabulary(model.Handle));

var report = new BenchmarkReport();
foreach (int count in new[] { 4_096, 49_152, 151_936 })
{
    using var workload = new Workload(count, model.Vocabulary);
    if (report.Rows.Count == 0)
    {
        foreach (SamplerFigure figure in figures)
        {
            new FigureBench(figure, workload, options).WarmUp();
        }
    }

    foreach (SamplerFigure figure in figures)
    {
        report.Rows.Add(await new FigureBench(figure, workload, options).RunAsync());
    }

    foreach (int legal in new[] { 1, 50, count / 10, count * 9 / 10 })
    {
        report.Rows.Add(await new MaskBench(figures[0], workload, options).CompareAsync(legal));
    }

    var memory = new MemoryBench(workload, options);
    report.Rows.Add(await memory.CompareArgmaxAsync());
    report.Rows.Add(memory.MeasureFill());
    report.Rows.Add(new FigureBench(figures[0], workload, options).MeasureAllocation());
}

report.Write(Console.Out);
if (options.Json is not null)
{
    report.Save(options.Json);
}
