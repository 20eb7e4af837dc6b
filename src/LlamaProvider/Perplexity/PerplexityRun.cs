using System.Runtime.ExceptionServices;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Likelihood;

namespace LlamaProvider.Perplexity;

/// <summary>The windows of one call on their way through the engine: as many at once as it has room for, the others after them.</summary>
internal sealed class PerplexityRun
{
    private readonly LlamaEngine _engine;
    private readonly PerplexityWindows _windows;
    private readonly PerplexityOptions _options;
    private readonly IProgress<PerplexityProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly Queue<(GenerationRequest Request, LikelihoodStrategy Strategy)> _running = [];
    private readonly LossSummary _total = new();
    private readonly List<PerplexityWindow> _results = [];

    private PerplexityRun(LlamaEngine engine, PerplexityWindows windows, PerplexityOptions options, IProgress<PerplexityProgress>? progress, CancellationToken cancellationToken) =>
        (_engine, _windows, _options, _progress, _cancellationToken) = (engine, windows, options, progress, cancellationToken);

    public static async Task<PerplexityResult> RunAsync(
        LlamaEngine engine, string text, PerplexityOptions options, IProgress<PerplexityProgress>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var run = new PerplexityRun(engine, PerplexityWindows.Cut(engine.Model, text, options), options, progress, cancellationToken);
        return await run.RunAsync().ConfigureAwait(false);
    }

    private async Task<PerplexityResult> RunAsync()
    {
        int atOnce = Math.Max(1, Math.Min(_engine.Limits.Sequences, _engine.Limits.Cells / _windows.Length));
        try
        {
            for (int index = 0; index < _windows.Count; index++)
            {
                if (_running.Count >= atOnce)
                {
                    await FinishOldestAsync().ConfigureAwait(false);
                }

                await SubmitAsync(_windows.Take(index)).ConfigureAwait(false);
            }

            while (_running.Count > 0)
            {
                await FinishOldestAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            foreach ((GenerationRequest request, _) in _running)
            {
                request.Cancel();
            }
        }

        return new PerplexityResult
        {
            Perplexity = _total.Perplexity,
            Uncertainty = _total.Uncertainty,
            MeanLoss = _total.Mean,
            ScoredTokens = _total.Count,
            TextTokens = _windows.TextTokens,
            Windows = _results,
        };
    }

    /// <summary>A full queue is an error only when none of its requests is of this call; else one of them ends soon.</summary>
    private async Task SubmitAsync(int[] window)
    {
        var strategy = new LikelihoodStrategy(window, _windows.FirstScored, _engine.Model.Vocabulary.Count, _engine.Limits);
        GenerationRequest? request = null;
        while (request is null)
        {
            try
            {
                request = _engine.Submit(strategy, _options.Priority);
            }
            catch (QueueFullException) when (_running.Count > 0)
            {
                await FinishOldestAsync().ConfigureAwait(false);
            }
        }

        _running.Enqueue((request, strategy));
    }

    private async Task FinishOldestAsync()
    {
        (GenerationRequest request, LikelihoodStrategy strategy) = _running.Peek();
        using (_cancellationToken.UnsafeRegister(static request => ((GenerationRequest)request!).Cancel(), request))
        {
            await request.Output.WaitAsync().ConfigureAwait(false);
        }

        _running.Dequeue();
        List<int> none = [];
        GenerationEnd end = request.Output.Read(ref none)!;
        if (end.Error is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        if (end.Reason == GenerationEndReason.Cancelled)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            throw new ObjectDisposedException(nameof(LlamaEngine), "The engine was disposed before the perplexity was complete.");
        }

        Add(strategy.Losses);
    }

    private void Add(ReadOnlySpan<double> losses)
    {
        var window = new LossSummary();
        window.Add(losses);
        _total.Add(losses);
        _results.Add(new PerplexityWindow(_results.Count, window.Perplexity, window.Count));
        _progress?.Report(new PerplexityProgress(_results.Count, _windows.Count, _total.Perplexity));
    }
}
