using LlamaProvider.Benchmarks.Support;

namespace LlamaProvider.Benchmarks.Constraints;

internal static class RatioRows
{
    /// <summary>The row with the median of ratios and their spread, if there are any.</summary>
    public static BenchmarkRow WithRatios(this BenchmarkRow row, params double[] ratios) =>
        ratios.Length == 0 || !ratios.All(double.IsFinite) ? row : row with { Ratio = Comparison.Median(ratios), RatioSpread = [ratios.Min(), ratios.Max()] };
}
