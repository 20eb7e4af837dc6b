using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;
using LlamaProvider.Tool.Benchmarking;
using Microsoft.Extensions.Time.Testing;

namespace LlamaProvider.Tool.Tests.Benchmarking;

public class BenchRunnerTests
{
    // The clock moves by a second whenever it is read, so a test takes a second and its speed is its tokens.
    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };

    [Fact]
    public void Run_Plan_MeasuresEachTestInOrder()
    {
        IReadOnlyList<BenchRow> rows = Run(new BenchPlan { PromptTokens = 600, GeneratedTokens = 5, Sequences = [1, 4], Repetitions = 3 });

        Assert.Equal([("prompt", 600, 1), ("generate", 5, 1), ("generate", 5, 4)], rows.Select(row => (row.Test, row.Tokens, row.Batch)));
        Assert.Equal([600.0, 5, 20], rows.Select(row => row.TokensPerSecond));
        Assert.All(rows, row => Assert.Equal((3, 0.0), (row.Samples.Count, row.Deviation)));
    }

    [Theory]
    [InlineData(0, 3, "generate")]
    [InlineData(3, 0, "prompt")]
    public void Run_NoTokens_LeavesTheTestOut(int prompt, int generate, string expected) =>
        Assert.Equal([expected], Run(new BenchPlan { PromptTokens = prompt, GeneratedTokens = generate, Sequences = [2], Repetitions = 1 }).Select(row => row.Test));

    [Fact]
    public void Run_Evaluations_AreAsManyAsThePlanSays()
    {
        var counting = new CountingModel();

        Run(new BenchPlan { PromptTokens = 600, GeneratedTokens = 5, Sequences = [1, 4], Repetitions = 2 }, counting);

        // Each test once for nothing and twice for its figure: two steps of a prompt, five of each generation.
        int[] once = [512, 88, 1, 1, 1, 1, 1, 4, 4, 4, 4, 4];
        Assert.Equal([.. Thrice([512, 88]), .. Thrice([1, 1, 1, 1, 1]), .. Thrice([4, 4, 4, 4, 4])], counting.Batches);
        Assert.Equal(3 * once.Sum(), counting.Batches.Sum());
    }

    [Fact]
    public void Run_Cancelled_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => Run(new BenchPlan(), cancellationToken: cancellation.Token));
    }

    [Fact]
    public void ContextOptions_HoldTheLargestTest()
    {
        ContextOptions options = new BenchRunner(Model(), new BenchPlan { PromptTokens = 100, GeneratedTokens = 50, Sequences = [1, 8] }, 3, _time).ToContextOptions();

        Assert.Equal((400, 8, 8, 3), (options.ContextLength!.Value, options.Sequences, options.Outputs!.Value, options.Threads!.Value));
    }

    [Fact]
    public void Row_Samples_HasMeanAndDeviation()
    {
        BenchRow row = BenchRow.Of(new BenchTest(BenchTest.Generate, 1, 1), [2, 4, 4, 4, 5, 5, 7, 9]);

        Assert.Equal(5, row.TokensPerSecond);
        Assert.Equal(2.138, row.Deviation, 3);
        Assert.Equal(0, BenchRow.Of(new BenchTest(BenchTest.Generate, 1, 1), [2]).Deviation);
    }

    private IReadOnlyList<BenchRow> Run(BenchPlan plan, ILanguageModel? model = null, CancellationToken cancellationToken = default) =>
        new BenchRunner(model ?? Model(), plan, threads: null, _time).Run(new Progress<float>(), cancellationToken);

    private static ScriptedModel Model() => ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());

    private static IEnumerable<int> Thrice(int[] batches) => [.. batches, .. batches, .. batches];

    /// <summary>Writes down how many tokens each evaluation has.</summary>
    private sealed class CountingModel : ILanguageModel
    {
        private readonly ScriptedModel _model = Model();

        public List<int> Batches { get; } = [];

        public ModelDescription Description => _model.Description;

        public Vocabulary Vocabulary => _model.Vocabulary;

        public ITokenizer Tokenizer => _model.Tokenizer;

        public IReadOnlyDictionary<string, string> Metadata => _model.Metadata;

        public string? ChatTemplate => _model.ChatTemplate;

        public ModelCapabilities Capabilities => _model.Capabilities;

        public IModelContext CreateContext(ContextOptions options) => new CountingContext(_model.CreateContext(options), Batches);
    }

    private sealed class CountingContext(IModelContext context, List<int> batches) : IModelContext
    {
        public ContextLimits Limits => context.Limits;

        public ModelCapabilities Capabilities => context.Capabilities;

        public int FreeCells => context.FreeCells;

        public int CountCells(ReadOnlySpan<int> sequences) => context.CountCells(sequences);

        public EvaluationStatus Evaluate(ModelBatch batch, CancellationToken cancellationToken = default)
        {
            batches.Add(batch.Count);
            return context.Evaluate(batch, cancellationToken);
        }

        public ReadOnlySpan<float> GetLogits(int output) => context.GetLogits(output);

        public ReadOnlySpan<float> GetHiddenState(int output) => context.GetHiddenState(output);

        public PositionRange GetPositions(int sequence) => context.GetPositions(sequence);

        public void Copy(int source, int destination, int end) => context.Copy(source, destination, end);

        public void Trim(int sequence, int end) => context.Trim(sequence, end);

        public void Drop(int sequence) => context.Drop(sequence);

        public int GetSharedEnd(int sequence) => context.GetSharedEnd(sequence);

        public void Shift(int sequence, int start, int end) => context.Shift(sequence, start, end);

        public void SaveState(int sequence, Stream destination) => context.SaveState(sequence, destination);

        public void LoadState(int sequence, Stream source) => context.LoadState(sequence, source);

        public void Dispose() => context.Dispose();
    }
}
