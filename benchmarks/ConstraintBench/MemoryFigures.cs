using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>Managed memory that stays: of the vocabulary, of the masks that all grammars share, and of each grammar that is kept.</summary>
internal static class MemoryFigures
{
    private const int MaxRows = 400;
    private const double Mebi = 1024 * 1024;

    public static IEnumerable<BenchmarkRow> Rows(IReadOnlyList<MaskBenchRow> all, Vocabulary vocabulary)
    {
        IReadOnlyList<MaskBenchRow> rows = MaskBenchRow.Sample(all, MaxRows);
        long start = Measure();
        var shared = new ConstraintVocabulary(vocabulary);
        long tries = Measure() - start;

        // Once so that the shared masks are there, and once more for what each grammar adds to them.
        var judge = new OurJudge(shared);
        start = Measure();
        Judge(judge, rows);
        long masks = Measure() - start;
        List<CompiledGrammar> grammars = Judge(judge, rows);
        long kept = Measure() - start - masks;
        GC.KeepAlive(grammars);
        GC.KeepAlive(judge);
        yield return new BenchmarkRow("memory of the vocabulary's tries", tries / Mebi, null, null, "MiB", null, null);
        yield return new BenchmarkRow($"memory of the masks that grammars share, after {rows.Count} schemas", masks / Mebi, null, null, "MiB", null, null);
        yield return new BenchmarkRow(
            "memory of a compiled schema after its instances, mean", kept / 1024.0 / Math.Max(1, grammars.Count), null, null, "KiB", null, null);
    }

    private static List<CompiledGrammar> Judge(OurJudge judge, IReadOnlyList<MaskBenchRow> rows)
    {
        var grammars = new List<CompiledGrammar>();
        foreach (MaskBenchRow row in rows)
        {
            judge.Judge(row, out CompiledGrammar? grammar);
            if (grammar is not null)
            {
                grammars.Add(grammar);
            }
        }

        return grammars;
    }

    private static long Measure() => GC.GetTotalMemory(forceFullCollection: true);
}
