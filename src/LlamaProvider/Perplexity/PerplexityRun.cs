using LlamaProvider.Decoding.Strategies.Likelihood;

namespace LlamaProvider.Perplexity;

/// <summary>The windows of one call: as many at once as the engine has room for.</summary>
internal sealed class PerplexityRun
{
    private readonly LlamaEngine _engine;
    private readonly PerplexityWindows _windows;
    private readonly PerplexityOptions _options;
    private readonly IProgress<PerplexityProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
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
        var batch = new TextBatch<LikelihoodStrategy>(
            _engine, window => new LikelihoodStrategy(window, _windows.FirstScored, _engine.Model.Vocabulary.Count, _engine.Limits), "perplexity was", _options.Priority, _cancellationToken)
        {
            AtOnce = Math.Max(1, Math.Min(_engine.Limits.Sequences, _engine.Limits.Cells / _windows.Length)),
            Finished = strategy => Add(strategy.Losses),
        };
        await batch.RunAsync(Enumerable.Range(0, _windows.Count).Select(_windows.Take)).ConfigureAwait(false);
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

    private void Add(ReadOnlySpan<double> losses)
    {
        var window = new LossSummary();
        window.Add(losses);
        _total.Add(losses);
        _results.Add(new PerplexityWindow(_results.Count, window.Perplexity, window.Count));
        _progress?.Report(new PerplexityProgress(_results.Count, _windows.Count, _total.Perplexity));
    }
}
