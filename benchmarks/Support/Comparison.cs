using System.Diagnostics;

namespace LlamaProvider.Benchmarks.Support;

/// <summary>Runs ours and the peer in turn, so that what the machine does meanwhile hits both.</summary>
public static class Comparison
{
    /// <summary>Alternates the two for a number of rounds after one that does not count.</summary>
    /// <param name="rounds">Rounds that count.</param>
    /// <param name="ours">Measures ours once.</param>
    /// <param name="peer">Measures the peer once.</param>
    public static async Task<(double[] Ours, double[] Peer)> AlternateAsync(int rounds, Func<Task<double>> ours, Func<Task<double>> peer)
    {
        double[][] values = await AlternateAsync(rounds, [ours, peer]);
        return (values[0], values[1]);
    }

    /// <summary>The same for any number of sides. Returns the values of each side by round.</summary>
    public static async Task<double[][]> AlternateAsync(int rounds, IReadOnlyList<Func<Task<double>>> sides)
    {
        double[][] values = [.. sides.Select(_ => new double[rounds])];
        for (int round = -1; round < rounds; round++)
        {
            for (int turn = 0; turn < sides.Count; turn++)
            {
                // The order changes with the round: whoever runs later finds warmer caches.
                int side = round % 2 == 0 ? turn : sides.Count - 1 - turn;
                double value = await sides[side]();
                if (round >= 0)
                {
                    values[side][round] = value;
                }
            }
        }

        return values;
    }

    /// <summary>Units per second of something that is run some times and returns how many units it made.</summary>
    public static async Task<double> RateAsync(Func<Task<int>> run, int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        int units = 0;
        for (int i = 0; i < repeats; i++)
        {
            units += await run();
        }

        return units / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>A row from the rounds of both.</summary>
    public static BenchmarkRow ToRow(string figure, string peer, string unit, bool higherIsBetter, double[] ours, double[] peerValues)
    {
        double[] ratios = [.. ours.Zip(peerValues, (a, b) => higherIsBetter ? a / b : b / a)];
        return new BenchmarkRow(figure, Median(ours), peer, Median(peerValues), unit, Median(ratios), [ratios.Min(), ratios.Max()]);
    }

    public static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
