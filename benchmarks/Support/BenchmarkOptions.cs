namespace LlamaProvider.Benchmarks.Support;

/// <summary>What every benchmark program accepts: <c>--json FILE</c>, <c>--quick</c> (below a minute), <c>--rounds N</c> that count (9, or 5 if quick) and <c>--model FILE</c>, which may be repeated.</summary>
public sealed record BenchmarkOptions(string? Json, bool Quick, IReadOnlyList<string> Models, int Rounds, int? Threads)
{
    public const string Usage = "[--quick] [--rounds N] [--json FILE] [--threads N] [--model FILE.gguf]...";

    public static BenchmarkOptions Parse(string[] arguments)
    {
        string? json = null;
        bool quick = false;
        int? threads = null;
        int? rounds = null;
        var models = new List<string>();
        for (int index = 0; index < arguments.Length; index++)
        {
            switch (arguments[index])
            {
                case "--quick":
                    quick = true;
                    break;
                case "--json" when index + 1 < arguments.Length:
                    json = arguments[++index];
                    break;
                case "--threads" when index + 1 < arguments.Length && int.TryParse(arguments[index + 1], out int count):
                    (threads, index) = (count, index + 1);
                    break;
                case "--rounds" when index + 1 < arguments.Length && int.TryParse(arguments[index + 1], out int count) && count > 0:
                    (rounds, index) = (count, index + 1);
                    break;
                case "--model" when index + 1 < arguments.Length:
                    models.Add(arguments[++index]);
                    break;
                default:
                    throw new ArgumentException($"'{arguments[index]}' is not an option, or lacks its value. Use {Usage}.");
            }
        }

        return new BenchmarkOptions(json, quick, models, rounds ?? (quick ? 5 : 9), threads);
    }

    /// <summary>The models named, or the embedded one and those of the test folder that are there.</summary>
    public IReadOnlyList<string> FindModels()
    {
        if (Models.Count > 0)
        {
            return Models;
        }

        string[] candidates = [Path.Combine(RepositoryRoot, "models", "pocket-chat.Q8_0.gguf"), SmolLM2];
        return [.. candidates.Where(File.Exists)];
    }

    /// <summary>Where SmolLM2 is, if anywhere: in the folder LLAMA_TEST_MODELS, else in the shared one beside the repository.</summary>
    public static string SmolLM2 => Path.Combine(SharedFolder("LLAMA_TEST_MODELS", "models"), "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf");

    /// <summary>Where the shared MaskBench part is, if anywhere: beside the folder LLAMA_REFERENCE_DIR, as the tests look for it.</summary>
    public static string MaskBench => Path.Combine(SharedFolder("LLAMA_REFERENCE_DIR", "golden"), "..", "data", "maskbench", "schemas.jsonl.gz");

    public static string RepositoryRoot
    {
        get
        {
            DirectoryInfo? root = new(AppContext.BaseDirectory);
            while (root is not null && !File.Exists(Path.Combine(root.FullName, "Provider.sln")))
            {
                root = root.Parent;
            }

            return root?.FullName ?? throw new InvalidOperationException("Run inside the repository, or name models with --model.");
        }
    }

    private static string SharedFolder(string variable, string name) =>
        Environment.GetEnvironmentVariable(variable) ?? Path.Combine(RepositoryRoot, "..", "shared", name);
}
