using CsCheck;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Tests.Sampling.Selection;

public sealed class SoftmaxTests
{
    [Fact]
    public void Weigh_AnyRow_IsTheExponentialInDoublePrecision() => Gen.OneOf(LogitRows.Any, LogitRows.Extreme).Sample(
        row =>
        {
            (float[] weights, double total, double[] blocks) = Weigh(row);
            double[] expected = Weights(row);

            Assert.All(expected.Zip(weights), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
            Assert.Equal(expected.Sum(), total, 1e-5 * total);
            Assert.Equal(blocks.Sum(), total, 1e-12 * total);
            for (int block = 0; block < blocks.Length; block++)
            {
                Assert.Equal(expected.Skip(block * Softmax.Block).Take(Softmax.Block).Sum(), blocks[block], 1e-5 * Math.Max(1, blocks[block]));
            }
        },
        iter: 1000);

    [Fact]
    public void Weigh_AnyRow_OrdersWeightsAsLogitsAndGivesTheNotFiniteNone() => Gen.OneOf(LogitRows.Any, LogitRows.Extreme).Sample(row =>
    {
        (float[] weights, _, _) = Weigh(row);
        int[] ranking = LogitRows.Ranking(row);

        Assert.Equal(1f, weights[ranking[0]], 2e-7f);
        Assert.Equal(ranking.Select(token => weights[token]).OrderDescending(), ranking.Select(token => weights[token]));
        Assert.All(row.Zip(weights), pair => Assert.True(float.IsFinite(pair.First) ? pair.Second >= 0 : pair.Second == 0));
    });

    [Fact]
    public void WeightedSum_AnyRow_GivesTheEntropy() => Gen.OneOf(LogitRows.Any, LogitRows.Extreme).Sample(
        row =>
        {
            (float[] weights, double total, _) = Weigh(row);
            double[] expected = Weights(row);

            double entropy = Math.Log(total) - (Softmax.WeightedSum(row, Largest(row), weights) / total);

            Assert.Equal(LogitRows.Entropy(expected.Select(weight => weight / expected.Sum())), entropy, 1e-5);
        },
        iter: 1000);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(256, 1)]
    [InlineData(257, 2)]
    [InlineData(512, 2)]
    public void BlockCount_OfValues_IsRoundedUp(int values, int blocks) => Assert.Equal(blocks, Softmax.BlockCount(values));

    private static float Largest(float[] row) => row.Where(float.IsFinite).Max();

    private static double[] Weights(float[] row) => [.. row.Select(logit => float.IsFinite(logit) ? Math.Exp((double)logit - Largest(row)) : 0)];

    private static (float[] Weights, double Total, double[] Blocks) Weigh(float[] row)
    {
        float[] weights = new float[row.Length];
        double[] blocks = new double[Softmax.BlockCount(row.Length)];
        return (weights, Softmax.Weigh(row, Largest(row), weights, blocks), blocks);
    }
}
