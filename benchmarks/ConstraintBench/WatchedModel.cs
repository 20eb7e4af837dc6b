using System.Diagnostics;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>A model that tells what passed between its evaluations.</summary>
internal sealed class WatchedModel(ILanguageModel model) : ILanguageModel
{
    private readonly List<Interval> _intervals = [];
    private (long Time, TimeSpan Paused)? _evaluated;

    /// <summary>What passed between each two evaluations, since it was last taken.</summary>
    public Interval[] TakeIntervals()
    {
        Interval[] intervals = [.. _intervals];
        _intervals.Clear();
        _evaluated = null;
        return intervals;
    }

    public ModelDescription Description => model.Description;

    public Vocabulary Vocabulary => model.Vocabulary;

    public ITokenizer Tokenizer => model.Tokenizer;

    public IReadOnlyDictionary<string, string> Metadata => model.Metadata;

    public string? ChatTemplate => model.ChatTemplate;

    public ModelCapabilities Capabilities => model.Capabilities;

    public IModelContext CreateContext(ContextOptions options) => new Context(this, model.CreateContext(options));

    private EvaluationStatus Evaluate(IModelContext context, ModelBatch batch, CancellationToken cancellationToken)
    {
        if (_evaluated is { } before)
        {
            _intervals.Add(new Interval(Stopwatch.GetElapsedTime(before.Time).TotalMilliseconds, (GC.GetTotalPauseDuration() - before.Paused).TotalMilliseconds));
        }

        EvaluationStatus status = context.Evaluate(batch, cancellationToken);
        _evaluated = (Stopwatch.GetTimestamp(), GC.GetTotalPauseDuration());
        return status;
    }

    private sealed class Context(WatchedModel watch, IModelContext context) : IModelContext
    {
        public ContextLimits Limits => context.Limits;

        public ModelCapabilities Capabilities => context.Capabilities;

        public int FreeCells => context.FreeCells;

        public int CountCells(ReadOnlySpan<int> sequences) => context.CountCells(sequences);

        public EvaluationStatus Evaluate(ModelBatch batch, CancellationToken cancellationToken = default) => watch.Evaluate(context, batch, cancellationToken);

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

/// <summary>From the end of an evaluation to the beginning of the next, in milliseconds.</summary>
/// <param name="Whole">The time.</param>
/// <param name="Paused">That part of it in which the collector had stopped .NET's code.</param>
internal readonly record struct Interval(double Whole, double Paused);
