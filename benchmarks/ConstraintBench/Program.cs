using LlamaProvider.Benchmarks.Constraints;
using LlamaProvider.Benchmarks.Sampling;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Native;

// With --generate: what constrained answers cost; with --pauses: how often the collector stops them. Else JSON schemas as constraints: which are understood, whether instances are judged right, and how long masks take.
const int WarmUpRows = 300;
const int PeerWarmUpRows = 20;
if (args.Contains(GenerateBench.Option))
{
    return await GenerateBench.RunAsync(BenchmarkOptions.Parse([.. args.Where(argument => argument != GenerateBench.Option)]));
}

try
{
    BenchArguments arguments = BenchArguments.Parse([.. args.Where(argument => argument != PauseBench.Option)]);
    if (args.Contains(PauseBench.Option))
    {
        return await PauseBench.RunAsync(arguments);
    }

    LibSampler.Connect();
    using LlamaCppModel model = LlamaCppModel.Load(arguments.Vocabulary, new LlamaCppModelOptions(), null, CancellationToken.None);
    MaskBenchRow[] all = [.. MaskBenchRow.ReadAll(arguments.Schemas, model.Tokenizer)];
    IReadOnlyList<MaskBenchRow> rows = MaskBenchRow.Sample(all, arguments.Limit ?? int.MaxValue);
    if (rows.Count == 0)
    {
        throw new ArgumentException($"'{arguments.Schemas}' has no rows.");
    }

    var limit = TimeSpan.FromSeconds(arguments.Quick ? 2 : 10);
    IReadOnlyList<MaskBenchRow> warmUp = MaskBenchRow.Sample(rows, WarmUpRows);
    Console.WriteLine(
        $"{rows.Count} of {all.Length} rows, {rows.Sum(row => row.Instances.Count)} instances, {model.Vocabulary.Count} tokens. " +
        $"Members in any order, flexible white space. " +
        $"Warmed up by {warmUp.Count} rows that do not count (XGrammar: {Math.Min(warmUp.Count, PeerWarmUpRows)}), over a vocabulary of their own.");
    Console.WriteLine(
        $"Values are over all rows; a time's ratio is the median over {Math.Min(arguments.Rounds, rows.Count)} parts of the rows that run in turn, " +
        $"of the schemas that both accept." + (arguments.XGrammar ? $" XGrammar has {limit.TotalSeconds} s a row." : ""));
    Console.WriteLine();

    var discarded = new OurJudge(new ConstraintVocabulary(model.Vocabulary));
    foreach (MaskBenchRow row in warmUp)
    {
        discarded.Judge(row, out _);
    }

    IReadOnlyList<MaskBenchRow> peerWarmUp = MaskBenchRow.Sample(warmUp, PeerWarmUpRows);
    (XGrammarJudge? peer, string? reason) = arguments.XGrammar ? await XGrammarJudge.StartAsync(model.Vocabulary, peerWarmUp, limit) : (null, null);
    using XGrammarJudge? ended = peer;
    string? name = arguments.XGrammar ? XGrammarJudge.Title : null;
    using var collector = EvaluationCollector.Create();
    var ours = new OurJudge(new ConstraintVocabulary(model.Vocabulary), collector: collector);
    IReadOnlyList<Turn> turns = await Turn.TakeAsync(rows, arguments.Rounds, ours, peer);

    var timed = new OurJudge(new ConstraintVocabulary(model.Vocabulary), readsProcessor: true);
    RowResult[] again = [.. rows.Select(row => timed.Judge(row, out _))];

    var report = new BenchmarkReport();
    report.Models["vocabulary"] = Path.GetFileName(arguments.Vocabulary);
    report.Models["schemas"] = $"{Path.GetFileName(arguments.Schemas)}, {rows.Count} of {all.Length} rows; members in any order, flexible white space";
    report.Rows.AddRange(new JudgementFigures(turns, name, reason).Rows());
    report.Rows.AddRange(new TimeFigures(turns, name, reason).Rows());
    report.Rows.AddRange(SecondPassFigures.Rows(again));
    report.Rows.AddRange(MemoryFigures.Rows(rows, model.Vocabulary));
    report.Rows.AddRange(BudgetFigures.Rows(rows, new ConstraintVocabulary(model.Vocabulary)));
    report.Rows.AddRange(PhraseFigures.Rows(rows, new ConstraintVocabulary(model.Vocabulary)));
    report.Rows.AddRange(arguments.LlamaCpp ? new GbnfBench(model, arguments).Run(rows) : []);
    if (arguments.Details)
    {
        Details.Write(Console.Out, turns.SelectMany(turn => turn.Ours), "ours");
        Details.Write(Console.Out, turns.SelectMany(turn => turn.Peer), "xgrammar");
        Details.WriteSlowest(Console.Out, again, "ours", "MASK BY PROCESSOR'S TIME", mask => mask.Processor);
    }

    report.Write(Console.Out);
    if (arguments.Json is not null)
    {
        report.Save(arguments.Json);
    }

    return 0;
}
catch (Exception error) when (error is ArgumentException or LlamaException or IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine($"Usage: {BenchArguments.Usage}");
    return 1;
}
