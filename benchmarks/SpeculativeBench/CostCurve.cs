namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>Seconds by size: as measured, and on straight lines between.</summary>
/// <param name="sizes">The sizes, ascending.</param>
/// <param name="seconds">What each took.</param>
internal sealed class CostCurve(int[] sizes, double[] seconds)
{
    /// <summary>The seconds of a size; beyond the largest one the last line goes on.</summary>
    public double At(double size)
    {
        int found = Array.FindIndex(sizes, measured => measured >= size);
        int above = found < 0 ? sizes.Length - 1 : Math.Max(1, found);
        double share = (size - sizes[above - 1]) / (sizes[above] - sizes[above - 1]);
        return seconds[above - 1] + (share * (seconds[above] - seconds[above - 1]));
    }
}
