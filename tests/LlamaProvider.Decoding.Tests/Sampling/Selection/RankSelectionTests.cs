using CsCheck;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Tests.Sampling.Selection;

public sealed class RankSelectionTests
{
    private static readonly Gen<float[]> Values = Gen.OneOf(
        Gen.Float[-20, 20].Array[1, 300],
        Gen.Int[0, 5].Select(i => (float)i).Array[1, 300],
        Gen.Int[1, 300].Select(count => Enumerable.Range(0, count).Select(i => (float)i).ToArray()),
        Gen.Int[1, 300].Select(count => Enumerable.Range(0, count).Select(i => (float)-i).ToArray()),
        Gen.Int[1, 300].Select(count => Enumerable.Range(0, count).Select(i => (float)Math.Min(i, count - i)).ToArray()),
        Gen.OneOf(float.NegativeInfinity, float.PositiveInfinity, 0f, -0f, float.MaxValue).Array[1, 100]);

    [Fact]
    public void NthLargest_AnyValues_IsWhereASortHasIt() =>
        Gen.Select(Values, Gen.Int[0, 299]).Sample(
            (values, number) =>
            {
                int n = 1 + (number % values.Length);
                Assert.Equal(values.OrderDescending().ElementAt(n - 1), RankSelection.NthLargest([.. values], n));
            },
            iter: 2000);

    [Fact]
    public void NthSmallest_AnyValues_IsWhereASortHasIt() =>
        Gen.Select(Values, Gen.Int[0, 299]).Sample(
            (values, number) =>
            {
                int n = 1 + (number % values.Length);
                Assert.Equal(values.Order().ElementAt(n - 1), RankSelection.NthSmallest([.. values], n));
            },
            iter: 2000);

    [Fact]
    public void MedianOfThree_AnyOrder_IsTheMiddleValue() =>
        Gen.Select(Gen.Float[-5, 5], Gen.Float[-5, 5], Gen.Int[0, 5]).Sample((a, b, kind) =>
        {
            float c = kind == 0 ? a : kind == 1 ? b : kind - 3;
            Assert.Equal(new[] { a, b, c }.Order().ElementAt(1), RankSelection.MedianOfThree(a, b, c));
        });
}
