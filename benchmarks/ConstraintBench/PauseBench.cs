using System.Text.Json;
using LlamaProvider.Benchmarks.Engine;
using LlamaProvider.Benchmarks.Sampling;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using LlamaProvider.Decoding;
using LlamaProvider.Native;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>
/// How often and how long the garbage collector stops an engine where tokens wait to be chosen, and not while its model evaluates, which goes on meanwhile: answers to a schema of their own each, several at once.
/// </summary>
/// <remarks>The masks of <see cref="OurJudge"/> follow one another with nothing between them, so there all pauses fall into masks or between them.</remarks>
internal sealed class PauseBench : IDisposable
{
    public const string Option = "--pauses";

    private const int AtOnce = 8;
    private const int MaxTokens = 48;

    // So far away that no answer is hurried to its end.
    private const int LongestAnswer = 1024;
    private const int DefaultRows = 320;
    private const int WarmUpRows = 24;

    private readonly LlamaCppModel _model;
    private readonly WatchedModel _watched;
    private readonly LlamaEngine _engine;
    private readonly LlamaChatClient _client;

    private PauseBench(string path)
    {
        _model = LlamaCppModel.Load(path, new LlamaCppModelOptions(), null, CancellationToken.None);
        _watched = new WatchedModel(_model);
        _engine = LlamaEngine.Create(_watched, new LlamaEngineOptions { ContextLength = 16384, Sequences = AtOnce, PrefixCacheSequences = 0 });
        _client = _engine.CreateChatClient();
    }

    public static async Task<int> RunAsync(BenchArguments arguments)
    {
        LibSampler.Connect();
        using var bench = new PauseBench(arguments.Vocabulary);
        IReadOnlyList<MaskBenchRow> rows = MaskBenchRow.Sample([.. MaskBenchRow.ReadAll(arguments.Schemas, bench._model.Tokenizer)], arguments.Limit ?? DefaultRows);
        await bench.AnswerAsync(MaskBenchRow.Sample(rows, WarmUpRows));
        bench._watched.TakeIntervals();

        // What was read is old by now.
        GC.Collect();
        int collections = GC.CollectionCount(0);
        await bench.AnswerAsync(rows);
        collections = GC.CollectionCount(0) - collections;

        var report = new BenchmarkReport();
        report.Models["model"] = $"{Path.GetFileName(arguments.Vocabulary)}, {AtOnce} answers at once of at most {MaxTokens} tokens";
        report.Models["schemas"] = $"{Path.GetFileName(arguments.Schemas)}, {rows.Count} rows";
        report.Rows.AddRange(Rows(bench._watched.TakeIntervals(), collections));
        report.Write(Console.Out);
        if (arguments.Json is not null)
        {
            report.Save(arguments.Json);
        }

        return 0;
    }

    public void Dispose()
    {
        _client.Dispose();
        _engine.Dispose();
        _model.Dispose();
    }

    private static IEnumerable<BenchmarkRow> Rows(Interval[] intervals, int collections) =>
    [
        Row("steps of the engine", intervals.Length, "steps"),
        Row("collections", collections, "collections"),
        Row("steps between which the collector stopped the engine for more than 1 ms", intervals.Count(static interval => interval.Paused > 1), "steps"),
        Row("longest of these pauses", intervals.Max(static interval => interval.Paused), "ms"),
        Row("from an evaluation to the next, p50", Statistic.Median.Of([.. intervals.Select(static interval => interval.Whole)]), "ms"),
        Row("from an evaluation to the next, p99", Statistic.Percentile99.Of([.. intervals.Select(static interval => interval.Whole)]), "ms"),
    ];

    private static BenchmarkRow Row(string figure, double value, string unit) => new(figure, value, null, null, unit, null, null);

    private async Task AnswerAsync(IReadOnlyList<MaskBenchRow> rows)
    {
        var waiting = new Queue<MaskBenchRow>(rows);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => AnswerAllAsync(waiting)));
    }

    private async Task AnswerAllAsync(Queue<MaskBenchRow> waiting)
    {
        while (Take(waiting) is { } row)
        {
            try
            {
                ChatOptions options = BenchEngine.Greedy(LongestAnswer).UseJsonSchema(JsonElement.Parse(row.Schema)).UseJumpForward(false);
                await foreach (ChatResponseUpdate _ in _client.GetStreamingResponseAsync([BenchEngine.Story(row.Schema.Length)], options).Take(MaxTokens))
                {
                }
            }
            catch (LlamaException)
            {
                // A schema that is refused.
            }
        }
    }

    private static MaskBenchRow? Take(Queue<MaskBenchRow> waiting)
    {
        lock (waiting)
        {
            return waiting.TryDequeue(out MaskBenchRow? row) ? row : null;
        }
    }
}
