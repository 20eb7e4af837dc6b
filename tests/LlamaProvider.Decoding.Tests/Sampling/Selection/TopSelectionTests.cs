using CsCheck;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Tests.Sampling.Selection;

public sealed class TopSelectionTests
{
    [Fact]
    public void Select_AnyRow_IsTheFrontOfAStableSort() =>
        Gen.Select(Gen.OneOf(LogitRows.Any, LogitRows.Extreme), Gen.Int[1, 700]).Sample(Check, iter: 2000);

    [Fact]
    public void Select_CountsAroundTheRows_IsTheFrontOfAStableSort() =>
        Gen.Select(LogitRows.Any, Gen.Int[-2, 2]).Sample((row, beside) => Check(row, Math.Max(1, row.Length + beside)), iter: 500);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    [InlineData(191)]
    [InlineData(192)]
    [InlineData(193)]
    [InlineData(1999)]
    [InlineData(2000)]
    [InlineData(2001)]
    [InlineData(int.MaxValue)]
    public void Select_OrderedRows_IsTheFrontOfAStableSort(int k)
    {
        float[] ascending = [.. Enumerable.Range(0, 2000).Select(i => i / 4f)];
        Check(ascending, k);
        Check([.. ascending.Reverse()], k);
        Check([.. ascending.Select(value => MathF.Floor(value / 10))], k);
        Check([.. ascending.Select(value => value % 7)], k);
        Check(new float[2000], k);
    }

    [Fact]
    public void Select_AllEqual_AreTheLowestIndices() =>
        Assert.Equal(Enumerable.Range(0, 5), TopSelection.Select(new float[1000], 5, new SamplerWorkspace()).ToArray());

    [Fact]
    public void Select_NothingFinite_IsEmpty() =>
        Assert.Empty(TopSelection.Select([float.NaN, float.PositiveInfinity, float.NegativeInfinity], 2, new SamplerWorkspace()).ToArray());

    private static void Check(float[] row, int k) =>
        Assert.Equal(LogitRows.First(LogitRows.Ranking(row), k).Order(), TopSelection.Select(row, k, new SamplerWorkspace()).ToArray());
}
