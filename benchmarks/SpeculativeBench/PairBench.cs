using System.Diagnostics;
using System.Globalization;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Native;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>One model's figures: its requests with drafts and without, in turn, on one engine.</summary>
internal sealed class PairBench : IDisposable
{
    public const string DraftName = "draft";
    private const string Peer = "no speculation";
    private const int LongestOfModel = 8;
    private static readonly int[] Lengths = [1, 2, 3, 4, 6, 8, 12, 16];
    private static readonly int[] QuickLengths = [2, 6, 16];

    private readonly ModelPair _pair;
    private readonly BenchmarkOptions _options;
    private readonly BenchmarkReport _report;
    private readonly LlamaCppModel _model;
    private readonly LlamaCppModel? _draft;
    private readonly LlamaEngine _engine;
    private readonly LlamaChatClient _client;
    private readonly ContextOptions _context;
    private readonly int _threads;
    private long _seed;

    public PairBench(ModelPair pair, BenchmarkOptions options, BenchmarkReport report)
    {
        (_pair, _options, _report) = (pair, options, report);
        _model = Load(pair.Model);
        _draft = pair.Draft is null ? null : Load(pair.Draft);
        _threads = options.Threads ?? ContextPlan.DefaultThreads(_model);
        var engineOptions = new LlamaEngineOptions { ContextLength = 2048, Sequences = 4, Threads = _threads };
        var drafts = new Dictionary<string, ILanguageModel>();
        if (_draft is not null)
        {
            drafts.Add(DraftName, _draft);
        }

        _engine = LlamaEngine.Create(_model, engineOptions, drafts);
        _client = _engine.CreateChatClient();
        _context = engineOptions.ToContextOptions(_model);
        report.Models[pair.Name] = $"{_model.Description.ParameterCount:N0} parameters, {_model.Description.ByteCount:N0} bytes, {_threads} threads";
    }

    public async Task RunAsync()
    {
        using (CostSampler costs = CreateSampler())
        {
            AddCosts(MeasureAtOnce(costs));
        }

        foreach (Workload workload in _pair.Workloads)
        {
            Drafting drafting = _draft is null ? workload.Drafting & Drafting.Lookup : workload.Drafting;
            if (drafting != Drafting.None)
            {
                await CompareAsync(workload, drafting);
            }
        }

        if (_draft is not null)
        {
            AcceptanceRules.Add(_report, _pair, _model, _draft, _options.Quick);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _engine.Dispose();
        _draft?.Dispose();
        _model.Dispose();
    }

    private async Task CompareAsync(Workload workload, Drafting drafting)
    {
        List<(int Length, RunCounts Counts)> drafts = await CountAsync(workload, drafting);
        long start = Stopwatch.GetTimestamp();
        await AskAllAsync(workload, Drafting.None, null);
        int repeats = Math.Clamp((int)((_options.Quick ? 0.1 : 2) / Stopwatch.GetElapsedTime(start).TotalSeconds), 1, 50);
        using CostSampler costs = CreateSampler();
        int fixedLength = SpeedBound.Best(drafts, MeasureAtOnce(costs)).Length;
        var processor = new double[2];
        var tokens = new int[2];
        List<Func<int, Task<int>>> sides = [turn => AskCountedAsync(0, turn, drafting), turn => AskCountedAsync(1, turn, Drafting.None)];
        if (fixedLength > 0)
        {
            sides.Add(turn => AskTurnAsync(turn, drafting, fixedLength));
        }

        // The machine changes its pace within minutes, and with it what a further token takes against the first. So what the bound is of is measured between the rounds that it is for.
        double[][] rates = await Comparison.InterleaveAsync(_options.Rounds, repeats * Questions(workload).Length, sides, () => costs.Sample(1, _options.Quick ? TimeSpan.Zero : TimeSpan.FromSeconds(0.5)));
        (double[] ours, double[] peer) = (rates[0], rates[1]);
        SpeedBound bound = SpeedBound.Best(drafts, costs.Take());

        string figure = $"{workload.Name}, {Name(drafting)}, {_pair.Name}";
        BenchmarkRow row = Comparison.ToRow(figure, Peer, "tok/s", higherIsBetter: true, ours, peer);
        _report.Rows.Add(row);

        string limits = string.Create(CultureInfo.InvariantCulture, $"bound: drafts of {bound.Length}, {bound.Acceptance:0.00} accepted");
        _report.Rows.Add(new BenchmarkRow($"{figure}, of its bound", row.Ratio!.Value, limits, bound.Ratio, "times", row.Ratio / bound.Ratio, [.. row.RatioSpread!.Select(ratio => ratio / bound.Ratio)]));

        // A bound has the errors of its costs, so what it stands for runs too.
        if (fixedLength > 0)
        {
            _report.Rows.Add(Comparison.ToRow($"{figure}, of the best fixed length", $"drafts of {fixedLength}", "tok/s", higherIsBetter: true, ours, rates[2]));
        }

        // Threads that wait for each other take processor time too, so it says something only where there is one.
        if (_threads == 1)
        {
            _report.Rows.Add(Comparison.ToRow($"{figure}, processor time", Peer, "µs/tok", higherIsBetter: false, [processor[0] / tokens[0]], [processor[1] / tokens[1]]));
        }

        async Task<int> AskCountedAsync(int side, int turn, Drafting used)
        {
            TimeSpan processorBefore = Environment.CpuUsage.TotalTime;
            int count = await AskTurnAsync(turn, used, null);
            processor[side] += (Environment.CpuUsage.TotalTime - processorBefore).TotalMicroseconds;
            tokens[side] += count;
            return count;
        }

        // All sides ask the same with the same seed.
        async Task<int> AskTurnAsync(int turn, Drafting used, int? length)
        {
            var counts = new RunCounts();
            await AskAsync(workload, Questions(workload)[turn % Questions(workload).Length], turn + 1, used, length, counts);
            return counts.Tokens;
        }
    }

    private CostSampler CreateSampler() => new(_model, _draft, _context, _options.Quick ? 0 : _engine.GetSnapshot().UsedCells);

    private ModelCosts MeasureAtOnce(CostSampler costs)
    {
        costs.Sample(3, TimeSpan.FromSeconds(_options.Quick ? 0.2 : 3));
        return costs.Take();
    }

    /// <summary>What drafts of fixed lengths would come to.</summary>
    private async Task<List<(int Length, RunCounts Counts)>> CountAsync(Workload workload, Drafting drafting)
    {
        var drafts = new List<(int Length, RunCounts Counts)>();
        foreach (int length in (_options.Quick ? QuickLengths : Lengths).Where(length => drafting != Drafting.Model || length <= LongestOfModel))
        {
            drafts.Add((length, await AskAllAsync(workload, drafting, length)));
        }

        return drafts;
    }

    private async Task<RunCounts> AskAllAsync(Workload workload, Drafting drafting, int? length)
    {
        var counts = new RunCounts();
        foreach (string question in Questions(workload))
        {
            await AskAsync(workload, question, ++_seed, drafting, length, counts);
        }

        return counts;
    }

    private string[] Questions(Workload workload) => _options.Quick ? workload.Questions[..Math.Min(2, workload.Questions.Length)] : workload.Questions;

    private async Task AskAsync(Workload workload, string question, long seed, Drafting drafting, int? length, RunCounts counts)
    {
        ChatOptions options = new ChatOptions { MaxOutputTokens = workload.MaxTokens, Seed = seed }.UseSamplers(workload.Samplers);
        if (drafting.HasFlag(Drafting.Lookup))
        {
            options.UsePromptLookup(new PromptLookupOptions(MaxTokens: length ?? 16, Adaptive: length is null));
        }

        if (drafting.HasFlag(Drafting.Model))
        {
            options.UseSpeculativeDecoding(new SpeculativeDecodingOptions(DraftName, MaxTokens: Math.Min(LongestOfModel, length ?? LongestOfModel), Adaptive: length is null));
        }

        ChatResponse response = await _client.GetResponseAsync(question, options);
        int tokens = (int)response.Usage!.OutputTokenCount!.Value + (response.FinishReason == ChatFinishReason.Stop ? 1 : 0);
        counts.Add(tokens, Math.Min(LongestOfModel, length ?? LongestOfModel), ((LlamaAnswer)response.RawRepresentation!).Speculation);
    }

    private void AddCosts(ModelCosts costs)
    {
        double one = costs[1] * 1e6;
        foreach (int size in (int[])[2, 5, 9, 17])
        {
            double cost = costs[size] * 1e6;
            _report.Rows.Add(new BenchmarkRow($"evaluation of {size} tokens, {_pair.Name}", cost, "of one", one, "µs", one / cost, [one / cost, one / cost]));
        }

        if (_draft is not null)
        {
            double cost = costs.Draft(1) * 1e6;
            _report.Rows.Add(new BenchmarkRow($"token of {Path.GetFileNameWithoutExtension(_pair.Draft)}, {_pair.Name}", cost, "of one", one, "µs", one / cost, [one / cost, one / cost]));
        }
    }

    // Mapped files go from memory page by page where the system wants it for others, and then evaluations wait for the disk.
    private static LlamaCppModel Load(string path) => LlamaCppModel.Load(path, new LlamaCppModelOptions { MemoryMap = false }, null, CancellationToken.None);

    private static string Name(Drafting drafting) => drafting switch
    {
        Drafting.Model => "draft model",
        Drafting.Lookup => "prompt lookup",
        _ => "lookup and draft model",
    };
}
