using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Benchmarks.Sampling;

/// <summary>What a mask adds to a choice: the same pipeline with and without one. What it takes to compute the mask is not part of it.</summary>
internal sealed class MaskBench(SamplerFigure figure, Workload workload, BenchmarkOptions options)
{
    private readonly BoundPipeline _pipeline = new(figure.Ours, new SamplerBinding(workload.Vocabulary), new SamplerWorkspacePool());

    /// <param name="legal">How many tokens are legal.</param>
    public async Task<BenchmarkRow> CompareAsync(int legal)
    {
        SequenceConstraint constraint = Spread(legal);
        Time(constraint);
        (double[] masked, double[] free) = await Comparison.AlternateAsync(
            options.Rounds, () => Task.FromResult(Time(constraint)), () => Task.FromResult(Time(constraint: null)));
        return Comparison.ToRow(
            $"{figure.Name} under a mask, {legal:N0} of {workload.Vocabulary.Count:N0} tokens legal", "the same pipeline without a mask", "µs/tok", higherIsBetter: false, masked, free);
    }

    private double Time(SequenceConstraint? constraint)
    {
        var sampler = new TokenSampler(_pipeline, workload.History(0), seed: 1, constraint: constraint);
        double milliseconds = options.Quick ? 20 : 150;
        long start = Stopwatch.GetTimestamp();
        int tokens = 0;
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds)
        {
            for (int row = 0; row < LogitRows.Count; row++, tokens++)
            {
                sampler.Choose(workload.LikeModel[row]);
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / tokens;
    }

    private SequenceConstraint Spread(int legal)
    {
        var mask = new TokenMask(workload.Vocabulary.Count);
        for (int i = 0; i < legal; i++)
        {
            mask.Add((int)((long)i * mask.Size / legal));
        }

        return new SequenceConstraint("mask", new FixedMask(mask));
    }

    private sealed class FixedMask(TokenMask legal) : ITokenConstraint
    {
        public bool CanEnd => false;

        public void FillMask(TokenMask mask) => mask.CopyFrom(legal);

        public int ReadForcedText(Span<byte> destination, out ByteSet next)
        {
            next = ByteSet.All;
            return 0;
        }

        public bool Accept(int token) => legal[token];

        public void Rollback(int count)
        {
            // It has no state.
        }

        public ITokenConstraint Fork() => this;
    }
}
