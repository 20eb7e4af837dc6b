using System.Globalization;
using LlamaProvider.Benchmarks.Support;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>What the program is asked to do.</summary>
internal sealed record BenchArguments
{
    public const string Usage =
        "ConstraintBench [--schemas FILE.jsonl.gz] [--vocabulary MODEL.gguf] [--grammar llama.cpp] [--xgrammar] [--limit N] [--quick] [--json FILE] [--details]; or ConstraintBench --pauses [--schemas FILE.jsonl.gz] [--vocabulary MODEL.gguf] [--limit N] [--quick] [--json FILE]; or ConstraintBench --generate " + BenchmarkOptions.Usage;

    private const int QuickRows = 100;

    /// <summary>The rows.</summary>
    public string Schemas { get; private set; } = "";

    /// <summary>The model whose vocabulary is used.</summary>
    public string Vocabulary { get; private set; } = "";

    /// <summary>Whether llama.cpp's grammar sampler runs beside ours.</summary>
    public bool LlamaCpp { get; private set; }

    /// <summary>Whether XGrammar runs beside ours.</summary>
    public bool XGrammar { get; private set; }

    /// <summary>The most rows run, evenly spread over the file; all without.</summary>
    public int? Limit { get; private set; }

    public bool Quick { get; private set; }

    public string? Json { get; private set; }

    /// <summary>Whether to list what was refused, rejected and accepted.</summary>
    public bool Details { get; private set; }

    /// <summary>Parts of the rows that are run by ours and the peer in turn.</summary>
    public int Rounds => Quick ? 5 : 9;

    public static BenchArguments Parse(string[] arguments)
    {
        var parsed = new BenchArguments();
        var values = new Queue<string>(arguments);
        while (values.TryDequeue(out string? argument))
        {
            parsed.Set(argument, () => values.TryDequeue(out string? value) ? value : throw new ArgumentException($"'{argument}' lacks its value."));
        }

        parsed.Schemas = Existing("--schemas", parsed.Schemas, BenchmarkOptions.MaskBench);
        parsed.Vocabulary = Existing("--vocabulary", parsed.Vocabulary, BenchmarkOptions.SmolLM2);
        parsed.Limit ??= parsed.Quick ? QuickRows : null;
        return parsed;
    }

    private void Set(string argument, Func<string> value)
    {
        switch (argument)
        {
            case "--schemas":
                Schemas = value();
                break;
            case "--vocabulary":
                Vocabulary = value();
                break;
            case "--grammar":
                string peer = value();
                LlamaCpp = peer == "llama.cpp" ? true : throw new ArgumentException($"'{peer}' is not a grammar engine to compare with; 'llama.cpp' is.");
                break;
            case "--xgrammar":
                XGrammar = true;
                break;
            case "--limit":
                string limit = value();
                Limit = int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
                    ? count
                    : throw new ArgumentException($"--limit is '{limit}'; it must be a whole number above 0.");
                break;
            case "--quick":
                Quick = true;
                break;
            case "--json":
                Json = value();
                break;
            case "--details":
                Details = true;
                break;
            default:
                throw new ArgumentException($"'{argument}' is not an option.");
        }
    }

    private static string Existing(string option, string given, string standard)
    {
        string path = given.Length > 0 ? given : standard;
        return File.Exists(path) ? path : throw new ArgumentException($"'{path}' does not exist; name the file with {option}.");
    }
}
