using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Grammar;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Native;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>Our engine and llama.cpp's grammar sampler with the same GBNF, along the same texts: valid instances of the rows, as far as the token budget goes.</summary>
internal sealed class GbnfBench(LlamaCppModel model, BenchArguments arguments)
{
    private const string Peer = "llama.cpp grammar";
    private const int TokensOfText = 24;

    /// <summary>Any JSON value: llama.cpp's converter from JSON Schema is no part of its library.</summary>
    private const string Json =
        """
        root ::= ws value ws
        value ::= object | array | string | number | "true" | "false" | "null"
        object ::= "{" ws (member ("," ws member)*)? "}"
        member ::= string ws ":" ws value ws
        array ::= "[" ws (value ws ("," ws value ws)*)? "]"
        string ::= "\"" ([^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4}))* "\""
        number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? ([eE] [-+]? [0-9]+)?
        ws ::= [ \t\n\r]*
        """;

    private readonly ConstraintVocabulary _vocabulary = new(model.Vocabulary);
    private readonly TokenMask _mask = new(model.Vocabulary.Count);

    private int TextsOfRound => arguments.Quick ? 1 : 4;

    public IEnumerable<BenchmarkRow> Run(IReadOnlyList<MaskBenchRow> rows)
    {
        MaskBenchInstance[] texts = Choose(rows);
        if (CannotRun(texts) is { } reason)
        {
            yield return new BenchmarkRow("GBNF of JSON: masks compared", 0, Peer, null, "masks", null, null, reason);
            yield break;
        }

        Follow(texts[0], new Measured(), oursFirst: true);
        Measured[] rounds =
        [
            .. Enumerable.Range(0, arguments.Rounds).Select(round => Measure(texts.Part(round, arguments.Rounds), round % 2 == 0)),
        ];
        yield return ToRow("from grammar to first mask, p50", rounds, Statistic.Median, round => round.First);
        foreach (Statistic statistic in (Statistic[])[Statistic.Mean, Statistic.Median, Statistic.Maximum])
        {
            yield return ToRow($"mask, {statistic.Name}", rounds, statistic, round => round.Masks);
        }

        int masks = rounds.Sum(round => round.Masks.Count);
        int differing = rounds.Sum(round => round.Differing);
        yield return new BenchmarkRow($"GBNF of JSON: masks that differ, of {masks}", differing, null, null, "masks", null, null);
    }

    /// <summary>Texts from all over the rows.</summary>
    private MaskBenchInstance[] Choose(IReadOnlyList<MaskBenchRow> rows)
    {
        MaskBenchInstance[] texts = [.. rows.SelectMany(row => row.Instances).Where(text => text.IsValid && text.Tokens.Count >= TokensOfText)];
        int count = Math.Min(texts.Length, arguments.Rounds * TextsOfRound);
        return [.. Enumerable.Range(0, count).Select(index => texts[(long)index * texts.Length / count])];
    }

    private string? CannotRun(MaskBenchInstance[] texts)
    {
        if (texts.Length < arguments.Rounds)
        {
            return $"only {texts.Length} valid instances have {TokensOfText} tokens; {arguments.Rounds} rounds need as many";
        }

        using LlamaCppGrammar? peer = LlamaCppGrammar.TryCreate(model, Json);
        return peer is null ? "llama.cpp refuses the grammar" : null;
    }

    private static BenchmarkRow ToRow(string figure, Measured[] rounds, Statistic statistic, Func<Measured, List<(double Ours, double Peer)>> times)
    {
        double[] ours = [.. rounds.Select(round => statistic.Of([.. times(round).Select(time => time.Ours)]))];
        double[] peer = [.. rounds.Select(round => statistic.Of([.. times(round).Select(time => time.Peer)]))];
        return Comparison.ToRow($"GBNF of JSON: {figure}", Peer, "µs", higherIsBetter: false, ours, peer);
    }

    private Measured Measure(IEnumerable<MaskBenchInstance> texts, bool oursFirst)
    {
        var measured = new Measured();
        foreach (MaskBenchInstance text in texts)
        {
            Follow(text, measured, oursFirst);
        }

        return measured;
    }

    private void Follow(MaskBenchInstance text, Measured measured, bool oursFirst)
    {
        GrammarMatcher ours = null!;
        LlamaCppGrammar peer = null!;
        double oursFirstMask = Time(() => (ours = GrammarCompiler.Compile(Json, _vocabulary, ConstraintLimits.Default).CreateMatcher()).FillMask(_mask));
        double creation = Time(() => peer = LlamaCppGrammar.TryCreate(model, Json)!);
        using LlamaCppGrammar disposed = peer;
        peer.Fill();
        measured.First.Add((oursFirstMask, creation + Time(peer.Mask)));
        foreach (int token in text.Tokens.Take(TokensOfText))
        {
            measured.Masks.Add(MaskBoth(ours, peer, oursFirst));
            measured.Differing += peer.Differs(_mask, model.Vocabulary) ? 1 : 0;

            // llama.cpp's sampler must not be given what it does not allow.
            if (!peer.IsLegal(token) || !ours.Accept(token))
            {
                return;
            }

            peer.Accept(token);
        }
    }

    private (double Ours, double Peer) MaskBoth(GrammarMatcher ours, LlamaCppGrammar peer, bool oursFirst)
    {
        peer.Fill();
        double before = oursFirst ? Time(() => ours.FillMask(_mask)) : 0;
        double other = Time(peer.Mask);
        return (oursFirst ? before : Time(() => ours.FillMask(_mask)), other);
    }

    /// <returns>Microseconds.</returns>
    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private sealed class Measured
    {
        public List<(double Ours, double Peer)> First { get; } = [];

        public List<(double Ours, double Peer)> Masks { get; } = [];

        public int Differing { get; set; }
    }
}
