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
        var oursValues = new double[rounds];
        var peerValues = new double[rounds];
        for (int round = -1; round < rounds; round++)
        {
            // The order changes with the round: whoever runs later finds warmer caches.
            bool oursFirst = round % 2 == 0;
            double first = await (oursFirst ? ours : peer)();
            double second = await (oursFirst ? peer : ours)();
            if (round >= 0)
            {
                (oursValues[round], peerValues[round]) = oursFirst ? (first, second) : (second, first);
            }
        }

        return (oursValues, peerValues);
    }

    /// <summary>
    /// Lets any number of sides take the same turns, one side after the other in each turn: a machine that others share changes its pace within a second, so whole rounds of one side would not meet what
    /// those of the other do.
    /// </summary>
    /// <param name="rounds">Rounds that count, after one that does not.</param>
    /// <param name="turns">Turns of a round.</param>
    /// <param name="sides">Each takes the turn of a number, from 0 on over all rounds, and returns how many units it made.</param>
    /// <param name="betweenRounds">What is done after each round, without counting.</param>
    /// <returns>Units per second of each side, by round.</returns>
    public static async Task<double[][]> InterleaveAsync(int rounds, int turns, IReadOnlyList<Func<int, Task<int>>> sides, Action? betweenRounds = null)
    {
        double[][] rates = [.. sides.Select(_ => new double[rounds])];
        int[] sideOrder = [.. Enumerable.Range(0, sides.Count)];
        var order = new Random(1);
        int turn = 0;
        for (int round = -1; round < rounds; round++)
        {
            var units = new int[sides.Count];
            var seconds = new double[sides.Count];
            for (int last = turn + turns; turn < last; turn++)
            {
                // Whoever comes later finds warmer caches; any fixed order would favour one side at the same turns of every round.
                order.Shuffle(sideOrder);
                foreach (int side in sideOrder)
                {
                    long start = Stopwatch.GetTimestamp();
                    units[side] += await sides[side](turn);
                    seconds[side] += Stopwatch.GetElapsedTime(start).TotalSeconds;
                }
            }

            for (int side = 0; side < sides.Count && round >= 0; side++)
            {
                rates[side][round] = units[side] / seconds[side];
            }

            betweenRounds?.Invoke();
        }

        return rates;
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
