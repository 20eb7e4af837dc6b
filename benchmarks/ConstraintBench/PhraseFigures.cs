using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>How long masks take where a phrase has to be said somewhere in a schema's JSON, by itself and with <see cref="Spare"/> tokens more than the instance takes.</summary>
internal static class PhraseFigures
{
    private const int MaxRows = 60;
    private const int Spare = 64;
    private const string Phrase = "dear reader";

    public static IEnumerable<BenchmarkRow> Rows(IReadOnlyList<MaskBenchRow> all, ConstraintVocabulary vocabulary)
    {
        IReadOnlyList<MaskBenchRow> rows = MaskBenchRow.Sample(all, MaxRows);
        var judge = new OurJudge(vocabulary);
        var mask = new TokenMask(vocabulary.Vocabulary.Count);
        (List<double> free, List<double> budgeted) = ([], []);
        int refused = 0;
        foreach (MaskBenchRow row in rows)
        {
            judge.Judge(row, out CompiledGrammar? grammar);
            if (grammar is null || row.Instances.FirstOrDefault(static instance => instance.IsValid) is not { } instance)
            {
                continue;
            }

            try
            {
                TextConditions conditions = ConstraintFactory.Compile(vocabulary, grammar, new PhraseOptions { Phrases = [Phrase] });
                Follow(conditions.CreateMatcher(null), instance, mask, free);
                Follow(conditions.CreateMatcher(instance.Tokens.Count + Spare), instance, mask, budgeted);
            }
            catch (LlamaException)
            {
                refused++;
            }
        }

        string figure = $"mask with a required phrase ({rows.Count - refused} of {rows.Count} rows; the others have no place for it or too many)";
        return [.. TimeFigures.Ours(figure, free), .. TimeFigures.Ours($"{figure} under a budget of {Spare} tokens more than the instance has", budgeted)];
    }

    /// <summary>Follows the instance as far as it is legal without the phrase.</summary>
    private static void Follow(ITokenConstraint matcher, MaskBenchInstance instance, TokenMask mask, List<double> times)
    {
        foreach (int token in instance.Tokens)
        {
            long start = Stopwatch.GetTimestamp();
            matcher.FillMask(mask);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            if (!matcher.Accept(token))
            {
                return;
            }
        }
    }
}
