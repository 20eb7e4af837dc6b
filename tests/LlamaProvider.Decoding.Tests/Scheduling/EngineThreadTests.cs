using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.TestSupport.Sampling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

public sealed class EngineThreadTests
{
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());

    [Fact]
    public async Task Submit_ManyCallersWithCancelsAndTinyMemory_EachEndsOnce()
    {
        using EngineThread engine = Create(cells: 96, sequences: 4, queueLimit: 1000);
        Task<GenerationEnd>[] callers =
        [
            .. Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
            {
                GenerationRequest request = engine.Submit(Strategy([2 + (i % 250), 3, 4], maxTokens: 1 + (i % 50)), i % 3 == 0 ? null : 1 + (i % 5));
                if (i % 4 == 0)
                {
                    request.Cancel();
                }

                return (await ReadAll(request)).End;
            })),
        ];

        GenerationEnd[] ends = await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.All(ends, end => Assert.Contains(end.Reason, new[]
        {
            GenerationEndReason.TokenLimit, GenerationEndReason.EndOfGeneration, GenerationEndReason.Cancelled,
        }));
        Assert.Contains(ends, end => end.Reason == GenerationEndReason.Cancelled);
        engine.Close(cancel: false);
        await engine.Stopped.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, _model.Faults.UsedCells);
    }

    [Fact]
    public async Task Submit_AboveTheLimit_IsRefusedUntilOneEnds()
    {
        using EngineThread engine = Create(queueLimit: 2);
        GenerationRequest first = engine.Submit(Strategy([5], maxTokens: 1000), 1);
        GenerationRequest second = engine.Submit(Strategy([6], maxTokens: 1000), 1);

        QueueFullException full = Assert.Throws<QueueFullException>(() => engine.Submit(Strategy([7], maxTokens: 1), 1));
        Assert.Equal("The engine holds 2 requests and may hold 2. Try again when some have ended, or raise the queue limit.", full.Message);
        Assert.Equal((2, 2), (full.Length, full.Limit));

        first.Cancel();
        await ReadAll(first);
        Assert.NotNull(engine.Submit(Strategy([7], maxTokens: 1), 1));
        second.Cancel();
    }

    [Fact]
    public async Task Close_WithoutCancel_RunsToTheEnd()
    {
        using EngineThread engine = Create();
        GenerationRequest request = engine.Submit(Strategy([5], maxTokens: 30), null);

        engine.Close(cancel: false);

        (List<int> tokens, GenerationEnd end) = await ReadAll(request);
        Assert.Equal((30, GenerationEndReason.TokenLimit), (tokens.Count, end.Reason));
        await engine.Stopped.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Throws<ObjectDisposedException>(() => engine.Submit(Strategy([5], maxTokens: 1), null));
    }

    [Fact]
    public async Task Dispose_Running_EndsThemAsCancelled()
    {
        EngineThread engine = Create();
        GenerationRequest request = engine.Submit(Strategy([5], maxTokens: null), 4);
        await request.Output.WaitAsync();

        engine.Dispose();
        engine.Dispose();

        Assert.Equal(GenerationEndReason.Cancelled, (await ReadAll(request)).End.Reason);
        Assert.True(engine.Stopped.IsCompleted);
    }

    [Fact]
    public async Task Step_EngineItselfFails_NoRequestIsLeftWaiting()
    {
        using EngineThread engine = Create();
        _model.Faults.BeforeToken = _ => throw new InvalidCastException("a defect");

        GenerationEnd end = (await ReadAll(engine.Submit(Strategy([5], maxTokens: 3), 4))).End;

        Assert.Equal(GenerationEndReason.Failed, end.Reason);
        Assert.Equal("a defect", end.Error!.Message);
        await engine.Stopped.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task InvokeAsync_BetweenSteps_RunsOnTheEnginesThreadAndBringsErrorsBack()
    {
        using EngineThread engine = Create();

        int thread = await engine.InvokeAsync(_ => Environment.CurrentManagedThreadId);
        Assert.NotEqual(Environment.CurrentManagedThreadId, thread);
        Assert.Equal(thread, await engine.InvokeAsync(_ => Environment.CurrentManagedThreadId));
        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidTimeZoneException>(() => engine.InvokeAsync<int>(_ => throw new InvalidTimeZoneException("mine")))).Message);

        engine.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.InvokeAsync(_ => 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Create_CollectorAskedOrNot_LoopHasOneOrNone(bool collects)
    {
        using EngineThread engine = Create(collects: collects);

        Assert.Equal(collects, await engine.InvokeAsync(static loop => loop.Collector is not null));
    }

    [Fact]
    public async Task Evaluate_LongRun_AllocatesNothingPerToken()
    {
        var quiet = new ScriptedModel(ScriptedVocabulary.Bytes(), static (_, logits) => logits[100] = 1);
        using var loop = new EngineLoop(
            new CountingContext(quiet.Vocabulary.Count), new DecodeFirstPolicy(), new EngineMetrics("test", TimeProvider.System), new PromptPace(TimeSpan.MaxValue),
            collector: EvaluationCollector.Create());
        var request = new GenerationRequest(
            new SamplingStrategy(quiet.Vocabulary, TestSamplers.Greedy(quiet.Vocabulary, [5]), new StopSequences(["zz"]), null), null, () => { }, () => { }, reader => reader());
        loop.Enqueue(request);
        for (int i = 0; i < 3000; i++)
        {
            loop.Step();
        }

        Allocations.AssertNoneEachTime(1000, () => loop.Step());
        await Task.CompletedTask;
    }

    private static async Task<(List<int> Tokens, GenerationEnd End)> ReadAll(GenerationRequest request)
    {
        var all = new List<int>();
        while (true)
        {
            await request.Output.WaitAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            var tokens = new List<int>();
            GenerationEnd? end = request.Output.Read(ref tokens);
            all.AddRange(tokens);
            if (end is not null)
            {
                return (all, end);
            }
        }
    }

    private SamplingStrategy Strategy(int[] prompt, int? maxTokens) => new(_model.Vocabulary, TestSamplers.Greedy(_model.Vocabulary, prompt), new StopSequences([]), maxTokens);

    private EngineThread Create(int cells = 4000, int sequences = 4, int queueLimit = 100, bool collects = true) => new(
        _model.CreateContext(new ContextOptions { ContextLength = cells, Sequences = sequences, BatchTokens = 32 }), new DecodeFirstPolicy(), queueLimit, new EngineMetrics("test", TimeProvider.System),
        TimeSpan.FromSeconds(1), "test engine", collects: collects);

    /// <summary>A context that costs nothing, so that what the loop itself allocates shows.</summary>
    private sealed class CountingContext(int vocabulary) : IModelContext
    {
        private readonly float[] _logits = [.. Enumerable.Range(0, vocabulary).Select(i => i == 100 ? 1f : 0f)];
        private int _end;

        public ContextLimits Limits { get; } = new() { Cells = 100_000, Sequences = 4, BatchTokens = 32, Outputs = 8, HiddenStateTokens = 8 };

        public ModelCapabilities Capabilities => ModelCapabilities.All;

        public int FreeCells => Limits.Cells - _end;

        public int CountCells(ReadOnlySpan<int> sequences) => sequences.Contains(0) ? _end : 0;

        public EvaluationStatus Evaluate(ModelBatch batch, CancellationToken cancellationToken = default)
        {
            _end += batch.Count;
            return EvaluationStatus.Completed;
        }

        public ReadOnlySpan<float> GetLogits(int output) => _logits;

        public ReadOnlySpan<float> GetHiddenState(int output) => default;

        public PositionRange GetPositions(int sequence) => new(0, sequence == 0 ? _end : 0);

        public void Copy(int source, int destination, int end)
        {
        }

        public void Trim(int sequence, int end)
        {
        }

        public void Drop(int sequence)
        {
        }

        public int GetSharedEnd(int sequence) => 0;

        public void Shift(int sequence, int start, int end)
        {
        }

        public void SaveState(int sequence, Stream destination)
        {
        }

        public void LoadState(int sequence, Stream source)
        {
        }

        public void Dispose()
        {
        }
    }
}
