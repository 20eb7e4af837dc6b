using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Models.Quantization;

namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>Finds the models that are there, and derives the float one of SmolLM2 for as long as the program runs.</summary>
internal sealed class BenchFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("speculative-bench");

    /// <summary>The pairs to measure. What is missing becomes a row with the reason.</summary>
    public IEnumerable<ModelPair> FindPairs(BenchmarkOptions options, BenchmarkReport report)
    {
        string embedded = Path.Combine(BenchmarkOptions.RepositoryRoot, "models");
        string draft = Path.Combine(embedded, "pocket-draft.Q8_0.gguf");
        if (options.Models.Count > 0)
        {
            foreach (ModelPair pair in options.Models.SelectMany(model => IsPocket(model) ? [new ModelPair(model, draft, Workloads.OfPocket)] : PairsOf(model)))
            {
                yield return pair;
            }

            yield break;
        }

        yield return new ModelPair(Path.Combine(embedded, "pocket-chat.Q8_0.gguf"), draft, Workloads.OfPocket);
        string wide = Path.Combine(Path.GetDirectoryName(BenchmarkOptions.SmolLM2)!, "..", "pocket", "pocket-chat.F32.gguf");
        if (Exists("pocket-chat F32", wide, report))
        {
            yield return new ModelPair(wide, draft, Workloads.OfPocket);
        }

        // A model of 100 million parameters takes minutes on a small machine, so a quick run leaves it out unless it is named.
        if (!options.Quick && Exists("SmolLM2", BenchmarkOptions.SmolLM2, report))
        {
            foreach (ModelPair pair in PairsOf(BenchmarkOptions.SmolLM2))
            {
                yield return pair;
            }
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static bool IsPocket(string model) => Path.GetFileName(model).StartsWith("pocket", StringComparison.Ordinal);

    /// <summary>A quantized model, which is too small for a draft model, and the same with floats, for which it drafts.</summary>
    private IEnumerable<ModelPair> PairsOf(string model)
    {
        yield return new ModelPair(model, null, Workloads.OfSmolLM2);
        yield return new ModelPair(ToFloats(model), model, Workloads.OfSmolLM2);
    }

    private static bool Exists(string name, string file, BenchmarkReport report)
    {
        bool exists = File.Exists(file);
        if (!exists)
        {
            report.Rows.Add(new BenchmarkRow($"speculative decoding, {name}", 0, "no speculation", null, "tok/s", null, null, "the model is not there: set LLAMA_TEST_MODELS"));
        }

        return exists;
    }

    /// <summary>The same model with every weight as a 32-bit float: as large as a model four times its size is in four bits, and as slow.</summary>
    private string ToFloats(string model)
    {
        string name = Path.GetFileNameWithoutExtension(model);
        string file = Path.Combine(_folder.FullName, $"{name[..name.LastIndexOf('.')]}.F32.gguf");
        LlamaQuantizer.QuantizeAsync(model, file, QuantizationType.F32, new() { AllowRequantize = true }).GetAwaiter().GetResult();
        return file;
    }
}
