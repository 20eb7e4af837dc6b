using LlamaProvider.Benchmarks.Support;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>
/// The longest masks of a second pass: by the processor's time, since in a million masks some are stopped by the system for a time slice, and reading the clock that leaves those out
/// would lengthen the short ones; and with collections where they happen to come, in the middle of masks too.
/// </summary>
internal static class SecondPassFigures
{
    public static IEnumerable<BenchmarkRow> Rows(RowResult[] results) =>
    [
        .. Longest("mask by the processor's time of its thread, without the garbage collector's pauses", results, static mask => mask.Processor),
        .. Longest("mask where collections are left to chance", results, static mask => mask.Elapsed),
    ];

    private static IEnumerable<BenchmarkRow> Longest(string figure, RowResult[] results, Func<MaskTime, float> time)
    {
        double[] times = [.. TimeFigures.Masks(results, time)];
        return times.Length == 0 ? [] : [new BenchmarkRow($"{figure}, max", times.Max(), null, null, "µs", null, null)];
    }
}
