using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Benchmarks.Sampling;

/// <summary>How far the search for the largest logit is from merely reading the row, and what the peer pays to copy it.</summary>
internal sealed class MemoryBench(Workload workload, BenchmarkOptions options)
{
    public async Task<BenchmarkRow> CompareArgmaxAsync()
    {
        (double[] ours, double[] peer) = await Comparison.AlternateAsync(
            options.Rounds, () => Task.FromResult(Rate(static row => LogitScan.IndexOfMax(row))), () => Task.FromResult(Rate(static row => Sum(row))));
        return Comparison.ToRow(
            $"argmax of {workload.Vocabulary.Count:N0} logits", "a loop that only reads and adds them, in the widest vectors", "GB/s", higherIsBetter: true, ours, peer);
    }

    public BenchmarkRow MeasureFill()
    {
        using var chain = new SamplerChain(workload.Vocabulary.Count);
        double[] rates = [.. Enumerable.Range(0, options.Rounds).Select(_ => Rate(chain.Fill))];
        double bytes = workload.Vocabulary.Count * sizeof(float);
        return new BenchmarkRow(
            $"of the peer's time: filling its token array, {workload.Vocabulary.Count:N0} tokens", bytes / Comparison.Median(rates) / 1e3, null, null, "µs/tok", null, null,
            "ours has no such step");
    }

    private double Rate(Action<ReadOnlySpan<float>> read)
    {
        double milliseconds = options.Quick ? 20 : 150;
        long start = Stopwatch.GetTimestamp();
        long bytes = 0;
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds)
        {
            for (int row = 0; row < LogitRows.Count; row++)
            {
                read(workload.LikeModel[row]);
                bytes += workload.Vocabulary.Count * sizeof(float);
            }
        }

        return bytes / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    private static float Sum(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<Vector512<float>> vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        (Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d) = (default, default, default, default);
        int index = 0;
        for (; index <= vectors.Length - 4; index += 4)
        {
            a += vectors[index];
            b += vectors[index + 1];
            c += vectors[index + 2];
            d += vectors[index + 3];
        }

        for (; index < vectors.Length; index++)
        {
            a += vectors[index];
        }

        return Vector512.Sum(a + b + c + d);
    }
}
