using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Benchmarks.Sampling;

/// <summary>Time to choose and accept one token, ours and the peer's in turn over the same rows.</summary>
internal sealed class FigureBench(SamplerFigure figure, Workload workload, BenchmarkOptions options)
{
    private const string Peer = "llama_sampler_chain, with filling its token array (as llama_sampler_sample does; here in C#) and accepting";
    private readonly LogitRows _rows = figure.IsFlat ? workload.Flat : workload.LikeModel;
    private readonly BoundPipeline _pipeline = new(figure.Ours, new SamplerBinding(workload.Vocabulary), new SamplerWorkspacePool());

    public async Task<BenchmarkRow> RunAsync()
    {
        Agreement.Check(figure.Checked is null ? figure : figure.Checked with { Without = figure.Without }, workload);
        double milliseconds = options.Quick ? 20 : 150;
        int oursTokens = Calibrate(Ours, milliseconds);
        int peerTokens = Calibrate(PeerTime, milliseconds);
        (double[] ours, double[] peer) = await Comparison.AlternateAsync(
            options.Rounds, () => Task.FromResult(Ours(oursTokens)), () => Task.FromResult(PeerTime(peerTokens)));
        return Comparison.ToRow($"{figure.Name}, {workload.Vocabulary.Count:N0} tokens", Peer, "µs/tok", higherIsBetter: false, ours, peer);
    }

    /// <summary>Runs both sides until the runtime has compiled what it found to be hot.</summary>
    public void WarmUp()
    {
        Calibrate(Ours, 0);
        Calibrate(PeerTime, 0);
    }

    /// <summary>Managed bytes a token while a text doubles, which is what its list of tokens takes: choosing itself allocates nothing.</summary>
    public BenchmarkRow MeasureAllocation()
    {
        Ours(LogitRows.Count);
        var sampler = new TokenSampler(_pipeline, workload.History(0), seed: 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(sampler, Workload.HistoryLength);
        double bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return new BenchmarkRow(
            $"managed bytes a token, {figure.Name}, {workload.Vocabulary.Count:N0} tokens", bytes / Workload.HistoryLength, null, null, "B/tok", null, null,
            "no peer; the list of the text's tokens, nothing else");
    }

    private double Ours(int tokens)
    {
        var sampler = new TokenSampler(_pipeline, workload.History(0), seed: 1);
        long start = Stopwatch.GetTimestamp();
        Run(sampler, tokens);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / tokens;
    }

    private void Run(TokenSampler sampler, int tokens)
    {
        for (int step = 0; step < tokens; step++)
        {
            sampler.Choose(_rows[step]);
            sampler.Accept(workload.Accepted(step));
        }
    }

    private double PeerTime(int tokens)
    {
        using var chain = new SamplerChain(workload.Vocabulary.Count);
        figure.AddTo(chain);
        foreach (int token in workload.History(0))
        {
            chain.Accept(token);
        }

        long start = Stopwatch.GetTimestamp();
        for (int step = 0; step < tokens; step++)
        {
            chain.Choose(_rows[step]);
            chain.Accept(workload.Accepted(step));
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / tokens;
    }

    /// <summary>How many tokens a round has: whole turns through the rows.</summary>
    private static int Calibrate(Func<int, double> measure, double milliseconds)
    {
        long start = Stopwatch.GetTimestamp();
        double microseconds = measure(LogitRows.Count);
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < 100)
        {
            microseconds = measure(LogitRows.Count);
        }

        return LogitRows.Count * Math.Max(1, (int)(milliseconds * 1000 / (microseconds * LogitRows.Count)));
    }
}
