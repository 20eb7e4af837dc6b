using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>How long masks take where the tokens that are left are few, so that each mask has only what can still be completed: valid instances, with <see cref="Spare"/> tokens more than they take.</summary>
internal static class BudgetFigures
{
    private const int MaxRows = 400;
    private const int Spare = 16;

    public static IEnumerable<BenchmarkRow> Rows(IReadOnlyList<MaskBenchRow> all, ConstraintVocabulary vocabulary)
    {
        IReadOnlyList<MaskBenchRow> rows = MaskBenchRow.Sample(all, MaxRows);
        var judge = new OurJudge(vocabulary);
        var mask = new TokenMask(vocabulary.Vocabulary.Count);
        var times = new List<double>();
        (int whole, int instances) = (0, 0);
        foreach (MaskBenchRow row in rows)
        {
            judge.Judge(row, out CompiledGrammar? grammar);
            foreach (MaskBenchInstance instance in grammar is null ? [] : row.Instances.Where(instance => instance.IsValid))
            {
                instances++;
                whole += Follow(grammar!, instance, mask, times) ? 1 : 0;
            }
        }

        if (times.Count == 0)
        {
            yield break;
        }

        string figure = $"mask and token under a budget of {Spare} tokens more than the instance has ({instances} instances of {rows.Count} rows)";
        foreach (BenchmarkRow row in TimeFigures.Ours(figure, times))
        {
            yield return row;
        }

        yield return new BenchmarkRow("instances that can be written to the end under that budget", 100.0 * whole / instances, null, null, "%", null, null);
    }

    /// <summary>Whether the instance was legal to its end.</summary>
    private static bool Follow(ICompiledConstraint grammar, MaskBenchInstance instance, TokenMask mask, List<double> times)
    {
        ITokenConstraint matcher = grammar.CreateMatcher(instance.Tokens.Count + Spare);
        foreach (int token in instance.Tokens)
        {
            long start = Stopwatch.GetTimestamp();
            matcher.FillMask(mask);
            bool isLegal = mask[token] && matcher.Accept(token);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            if (!isLegal)
            {
                return false;
            }
        }

        return matcher.CanEnd;
    }
}
