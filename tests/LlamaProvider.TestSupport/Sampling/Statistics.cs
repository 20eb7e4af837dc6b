namespace LlamaProvider.TestSupport.Sampling;

/// <summary>Whether drawn counts may come from a distribution.</summary>
internal static class Statistics
{
    /// <summary>Pearson's statistic of observed counts against expected probabilities.</summary>
    public static double ChiSquare(IReadOnlyList<int> counts, IReadOnlyList<double> probabilities)
    {
        double total = counts.Sum();
        return counts.Zip(probabilities, (count, p) => p == 0 ? (count == 0 ? 0 : double.PositiveInfinity) : Math.Pow(count - (total * p), 2) / (total * p)).Sum();
    }

    /// <summary>The statistic that chance exceeds once in about 100,000 runs (Wilson and Hilferty's approximation, z = 4.27).</summary>
    public static double ChiSquareLimit(int degrees)
    {
        double spread = 2.0 / (9 * degrees);
        return degrees * Math.Pow(1 - spread + (4.27 * Math.Sqrt(spread)), 3);
    }
}
