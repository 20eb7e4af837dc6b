using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Visualization.Measurements;

namespace DecodingLab.Measuring;

/// <summary>Something to be timed beside others.</summary>
/// <param name="Name">What it is.</param>
/// <param name="RunAsync">Runs it once.</param>
internal sealed record Variant(string Name, Func<Task> RunAsync);

/// <summary>How long something took.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Milliseconds">The time of each round.</param>
internal sealed record TimedVariant(string Name, double[] Milliseconds)
{
    public double Median => Comparison.Median(Milliseconds);

    /// <summary>The row of a report, beside another variant of the same rounds; alone without one.</summary>
    public BenchmarkRow Against(TimedVariant? peer) => peer is null
        ? new BenchmarkRow(Name, Median, Peer: null, PeerValue: null, "ms", Ratio: null, RatioSpread: null, "the peer of the others")
        : Comparison.ToRow(Name, peer.Name, "ms", higherIsBetter: false, Milliseconds, peer.Milliseconds);

    /// <summary>The bar of a figure.</summary>
    public MeasuredRow ToBar() => new(Name, Median, Peer: null, PeerValue: null, "ms");
}

/// <summary>Times variants in turn, so that what the machine does meanwhile hits all of them.</summary>
internal static class Alternation
{
    /// <summary>Runs each variant once a round, after one round that does not count.</summary>
    public static async Task<IReadOnlyList<TimedVariant>> RunAsync(IReadOnlyList<Variant> variants, LabOptions options, IProgress<double> progress, CancellationToken cancellationToken)
    {
        int rounds = options.Rounds;
        TimedVariant[] timed = [.. variants.Select(variant => new TimedVariant(variant.Name, new double[rounds]))];
        for (int round = -1; round < rounds; round++)
        {
            for (int turn = 0; turn < variants.Count; turn++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                // The order changes with the round: whoever runs later finds warmer caches.
                int variant = round % 2 == 0 ? turn : variants.Count - 1 - turn;
                long start = Stopwatch.GetTimestamp();
                await variants[variant].RunAsync();
                double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (round >= 0)
                {
                    timed[variant].Milliseconds[round] = elapsed;
                }
            }

            progress.Report((round + 2.0) / (rounds + 1));
        }

        return timed;
    }
}
