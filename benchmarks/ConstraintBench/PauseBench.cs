using System.Text.Json;
using LlamaProvider.Benchmarks.Engine;
using LlamaProvider.Benchmarks.Sampling;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using LlamaProvider.Decoding;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Native;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>
/// How often and how long the garbage collector stops an engine where tokens wait to be chosen, and not while its model evaluates, which goes on meanwhile: answers to a schema of their own each, several at once,
/// with and without <see cref="LlamaEngineOptions.CollectsWhileEvaluating"/> in turn.
/// </summary>
internal sealed class PauseBench : IDisposable
{
    public const string Option = "--pauses";

    private const int AtOnce = 8;
    private const int MaxTokens = 48;

    // So far away that no answer is hurried to its end.
    private const int LongestAnswer = 1024;
    private const int DefaultRows = 320;
    private const int WarmUpRows = 24;
    private const string Chance = "collections left to chance";

    private readonly List<Interval> _intervals = [];
    private readonly WatchedModel _watched;
    private readonly LlamaEngine _engine;
    private readonly LlamaChatClient _client;
    private int _collections;

    private PauseBench(ILanguageModel model, bool collects)
    {
        _watched = new WatchedModel(model);
        _engine = LlamaEngine.Create(
            _watched, new LlamaEngineOptions { ContextLength = 16384, Sequences = AtOnce, PrefixCacheSequences = 0, CollectsWhileEvaluating = collects });
        _client = _engine.CreateChatClient();
    }

    public static async Task<int> RunAsync(BenchArguments arguments)
    {
        LibSampler.Connect();
        using LlamaCppModel model = LlamaCppModel.Load(arguments.Vocabulary, new LlamaCppModelOptions(), null, CancellationToken.None);
        IReadOnlyList<MaskBenchRow> rows = MaskBenchRow.Sample([.. MaskBenchRow.ReadAll(arguments.Schemas, model.Tokenizer)], arguments.Limit ?? DefaultRows);
        using var asked = new PauseBench(model, collects: true);
        using var chance = new PauseBench(model, collects: false);
        await asked.AnswerAsync(MaskBenchRow.Sample(rows, WarmUpRows));
        await chance.AnswerAsync(MaskBenchRow.Sample(rows, WarmUpRows));

        // The order changes: whoever runs second finds more that is warm.
        await asked.MeasureAsync(rows.Part(0, 2));
        await chance.MeasureAsync(rows.Part(0, 2));
        await chance.MeasureAsync(rows.Part(1, 2));
        await asked.MeasureAsync(rows.Part(1, 2));

        var report = new BenchmarkReport();
        report.Models["model"] = $"{Path.GetFileName(arguments.Vocabulary)}, {AtOnce} answers at once of at most {MaxTokens} tokens";
        report.Models["schemas"] = $"{Path.GetFileName(arguments.Schemas)}, {rows.Count} rows";
        report.Rows.AddRange(asked.Figures().Zip(chance.Figures(), static (ours, peer) => ours with { Peer = Chance, PeerValue = peer.Ours }));
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
    }

    private async Task MeasureAsync(IReadOnlyList<MaskBenchRow> rows)
    {
        // What the other has left is old by now, and so are the steps that ended this one's last answers.
        GC.Collect();
        _watched.TakeIntervals();
        int before = GC.CollectionCount(0);
        await AnswerAsync(rows);
        _collections += GC.CollectionCount(0) - before;
        _intervals.AddRange(_watched.TakeIntervals());
    }

    private IEnumerable<BenchmarkRow> Figures() =>
    [
        Row("steps of the engine", _intervals.Count, "steps"),
        Row("collections", _collections, "collections"),
        Row("steps between which the collector stopped the engine for more than 1 ms", _intervals.Count(static interval => interval.Paused > 1), "steps"),
        Row("longest of these pauses", _intervals.Max(static interval => interval.Paused), "ms"),
        Row("from an evaluation to the next, p50", Statistic.Median.Of([.. _intervals.Select(static interval => interval.Whole)]), "ms"),
        Row("from an evaluation to the next, p99", Statistic.Percentile99.Of([.. _intervals.Select(static interval => interval.Whole)]), "ms"),
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
