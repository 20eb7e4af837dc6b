namespace LlamaProvider.Benchmarks.Support;

/// <summary>What every benchmark program accepts: <c>--json FILE</c>, <c>--quick</c> (below a minute) and <c>--model FILE</c>, which may be repeated.</summary>
public sealed record BenchmarkOptions(string? Json, bool Quick, IReadOnlyList<string> Models, int Rounds, int? Threads)
{
    public const string Usage = "[--quick] [--json FILE] [--threads N] [--model FILE.gguf]...";

    public static BenchmarkOptions Parse(string[] arguments)
    {
        string? json = null;
        bool quick = false;
        int? threads = null;
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
                case "--model" when index + 1 < arguments.Length:
                    models.Add(arguments[++index]);
                    break;
                default:
                    throw new ArgumentException($"'{arguments[index]}' is not an option, or lacks its value. Use {Usage}.");
            }
        }

        return new BenchmarkOptions(json, quick, models, quick ? 5 : 9, threads);
    }

    /// <summary>The models named, or the embedded one and those of the test folder that are there.</summary>
    public IReadOnlyList<string> FindModels()
    {
        if (Models.Count > 0)
        {
            return Models;
        }

        string repository = RepositoryRoot;
        string others = Environment.GetEnvironmentVariable("LLAMA_TEST_MODELS") ?? Path.Combine(repository, "..", "shared", "models");
        string[] candidates = [Path.Combine(repository, "models", "pocket-chat.Q8_0.gguf"), Path.Combine(others, "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")];
        return [.. candidates.Where(File.Exists)];
    }

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
}
