using System.Numerics;
using System.Runtime.Intrinsics;
using CsCheck;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Tests.Sampling.Selection;

public sealed class LogitScanTests
{
    private static readonly Gen<float> Threshold = Gen.OneOf(
        Gen.Float[-21, 21], Gen.Int[-40, 40].Select(eighths => eighths / 8f), Gen.OneOf(float.NegativeInfinity, float.MinValue, float.MaxValue, float.PositiveInfinity, float.NaN));

    [Fact]
    public void Lanes_OnThisMachine_AreTheWidestThatItHas()
    {
        int widest = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;

        Assert.Equal(widest, LogitScan.Lanes);
        Assert.True(LogitScan.Lanes >= Vector<float>.Count || !Vector.IsHardwareAccelerated);
    }

    [Fact]
    public void Widths_OfTheFourVariants_AreDifferent() => Assert.Equal(
        [16, 8, 4, 1], [LogitScan.Lanes512.Count, LogitScan.Lanes256.Count, LogitScan.Lanes128.Count, LogitScan.SingleLane.Count]);

    [Fact]
    public void NextAbove_AnyRow_IsTheFirstThatALoopFindsInEveryWidth() =>
        Gen.Select(LogitRows.Any, Threshold, Gen.Int[0, 600]).Sample(
            (row, threshold, position) =>
            {
                int start = position % (row.Length + 1);
                int expected = start;
                while (expected < row.Length && !(row[expected] > threshold))
                {
                    expected++;
                }

                Assert.Equal(expected, LogitScan.NextAbove<LogitScan.Lanes512>(row, start, threshold));
                Assert.Equal(expected, LogitScan.NextAbove<LogitScan.Lanes256>(row, start, threshold));
                Assert.Equal(expected, LogitScan.NextAbove<LogitScan.Lanes128>(row, start, threshold));
                Assert.Equal(expected, LogitScan.NextAbove<LogitScan.SingleLane>(row, start, threshold));
                Assert.Equal(expected, LogitScan.NextAbove(row, start, threshold));
            },
            iter: 2000);

    [Fact]
    public void NextAbove_OneValueAbove_IsFoundAtEveryPlace()
    {
        for (int place = 0; place < 200; place++)
        {
            float[] row = new float[200];
            row[place] = float.Epsilon;

            Assert.Equal(place, LogitScan.NextAbove<LogitScan.Lanes512>(row, 0, 0));
            Assert.Equal(place, LogitScan.NextAbove<LogitScan.Lanes256>(row, 0, 0));
            Assert.Equal(place, LogitScan.NextAbove<LogitScan.Lanes128>(row, 0, 0));
            Assert.Equal(place, LogitScan.NextAbove<LogitScan.SingleLane>(row, 0, 0));
        }
    }

    [Fact]
    public void Gather_AnyRow_IsWhatALoopGathersInEveryWidth() =>
        Gen.Select(LogitRows.Any, Threshold).Sample(
            (row, threshold) =>
            {
                int[] expected = [.. Enumerable.Range(0, row.Length).Where(i => float.IsFinite(row[i]) && row[i] >= threshold)];

                Assert.Equal(expected, Gathered<LogitScan.Lanes512>(row, threshold));
                Assert.Equal(expected, Gathered<LogitScan.Lanes256>(row, threshold));
                Assert.Equal(expected, Gathered<LogitScan.Lanes128>(row, threshold));
                Assert.Equal(expected, Gathered<LogitScan.SingleLane>(row, threshold));
                int[] indices = new int[row.Length];
                Assert.Equal(expected, indices[..LogitScan.Gather(row, threshold, indices)]);
            },
            iter: 2000);

    [Fact]
    public void IndexOfMax_AnyRow_IsTheLowestIndexOfTheLargestFinite() =>
        Gen.OneOf(LogitRows.Any, LogitRows.Extreme).Sample(row => Assert.Equal(LogitRows.Ranking(row)[0], LogitScan.IndexOfMax(row)), iter: 1000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public void IndexOfMax_NothingFinite_IsMinusOne(int length)
    {
        foreach (float value in new[] { float.NaN, float.NegativeInfinity, float.PositiveInfinity })
        {
            Assert.Equal(-1, LogitScan.IndexOfMax([.. Enumerable.Repeat(value, length)]));
        }
    }

    private static int[] Gathered<TLanes>(float[] row, float threshold)
        where TLanes : struct, LogitScan.ILanes
    {
        int[] indices = new int[row.Length];
        return indices[..LogitScan.Gather<TLanes>(row, threshold, indices)];
    }
}
