using LlamaProvider.Benchmarks.Support;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>
/// The longest masks by the processor's time, from a pass of its own: in a million masks some are stopped by the system for a time slice, and reading the clock that leaves those out
/// would lengthen the short ones.
/// </summary>
internal static class ProcessorFigures
{
    public static IEnumerable<BenchmarkRow> Rows(IEnumerable<RowResult> results)
    {
        double[] times = [.. TimeFigures.Masks(results, static mask => mask.Processor)];
        return times.Length == 0
            ? []
            : [new BenchmarkRow("mask by the processor's time of its thread, without the garbage collector's pauses, max", times.Max(), null, null, "µs", null, null)];
    }
}
