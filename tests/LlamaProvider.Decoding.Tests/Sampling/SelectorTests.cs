using CsCheck;
using LlamaProvider.Decoding.Sampling;

namespace LlamaProvider.Decoding.Tests.Sampling;

public sealed class SelectorTests
{
    private static readonly Gen<float> AnyFloat = Gen.OneOf(Gen.Float[-50, 50], Gen.Int[0, 4].Select(i => new[] { float.NaN, float.NegativeInfinity, float.PositiveInfinity, 0f, 1f }[i]));

    [Fact]
    public void Greedy_AnyLogits_ChoosesLowestIdOfLargestFinite() => AnyFloat.Array[1, 80].Sample(logits =>
    {
        int[] finite = [.. Enumerable.Range(0, logits.Length).Where(i => float.IsFinite(logits[i]))];
        if (finite.Length == 0)
        {
            Assert.Throws<NoCandidateException>(() => new GreedySelector().Select(logits));
        }
        else
        {
            Assert.Equal(finite.MaxBy(i => (logits[i], -i)), new GreedySelector().Select(logits));
        }
    });

    [Fact]
    public void Greedy_NothingFinite_SaysSo() => Assert.Equal(
        "None of the 3 logits is finite, so there is no token to choose. Check the model file and its numeric formats.",
        Assert.Throws<NoCandidateException>(() => new GreedySelector().Select([float.NaN, float.NegativeInfinity, float.PositiveInfinity])).Message);

    [Theory]
    [InlineData(0.3f)]
    [InlineData(1f)]
    [InlineData(2.5f)]
    public void Temperature_ManyDraws_FollowSoftmax(float temperature)
    {
        float[] logits = [1f, 2.5f, float.NegativeInfinity, -1f, 2.5f, 0.5f, float.NaN, 3f];
        double[] weights = [.. logits.Select(l => float.IsFinite(l) ? Math.Exp((l - 3) / temperature) : 0)];
        double[] expected = [.. weights.Select(w => w / weights.Sum())];
        var selector = new TemperatureSelector(temperature, seed: 11);
        int[] counts = new int[logits.Length];
        for (int i = 0; i < 100_000; i++)
        {
            counts[selector.Select(logits)]++;
        }

        Assert.InRange(Statistics.ChiSquare(counts, expected), 0, Statistics.ChiSquareLimit(5));
    }

    [Fact]
    public void Temperature_SameSeed_SameDraws()
    {
        float[] logits = [.. Enumerable.Range(0, 100).Select(i => (float)Math.Sin(i))];
        var first = new TemperatureSelector(1, seed: 5);
        var second = new TemperatureSelector(1, seed: 5);
        var other = new TemperatureSelector(1, seed: 6);

        int[] draws = [.. Enumerable.Range(0, 50).Select(_ => first.Select(logits))];

        Assert.Equal(draws, Enumerable.Range(0, 50).Select(_ => second.Select(logits)));
        Assert.NotEqual(draws, Enumerable.Range(0, 50).Select(_ => other.Select(logits)));
    }

    [Fact]
    public void Temperature_ExtremeLogits_NeitherOverflowNorVanish() =>
        Assert.Equal(1, new TemperatureSelector(0.01f, seed: 1).Select([-3e38f, 3e38f, 0f]));
}
