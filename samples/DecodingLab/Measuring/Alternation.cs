using System.Diagnostics;

namespace DecodingLab.Measuring;

/// <summary>Something to be timed beside others.</summary>
/// <param name="Name">What it is.</param>
/// <param name="RunAsync">Runs it once.</param>
internal sealed record Variant(string Name, Func<Task> RunAsync);

/// <summary>Times variants in turn, so that what the machine does meanwhile hits all of them.</summary>
internal static class Alternation
{
    /// <summary>Rounds that count.</summary>
    public const int Rounds = 5;

    /// <summary>The median time of each variant in milliseconds, after one round that does not count.</summary>
    public static async Task<double[]> MillisecondsAsync(IReadOnlyList<Variant> variants, IProgress<double> progress, CancellationToken cancellationToken)
    {
        double[][] times = [.. variants.Select(_ => new double[Rounds])];
        for (int round = -1; round < Rounds; round++)
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
                    times[variant][round] = elapsed;
                }
            }

            progress.Report((round + 2.0) / (Rounds + 1));
        }

        return [.. times.Select(Median)];
    }

    /// <summary>The middle value.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
