using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Contrastive;

namespace LlamaProvider.Decoding.Tests.Strategies.Contrastive;

public sealed class HiddenStateHistoryTests
{
    [Theory]
    [InlineData(7, 20)]
    [InlineData(30_000, 9)]
    public void FindLargestCosines_RandomStates_AreThoseOfAllPairs(int size, int count)
    {
        var random = new Xoshiro256(5);
        float[][] states = [.. Enumerable.Range(0, count).Select(_ => State(ref random, size))];
        var history = new HiddenStateHistory(size);
        foreach (float[] state in states[2..])
        {
            history.Add(state);
        }

        float[] asked = new float[2 * size];
        HiddenStateHistory.Normalize(states[0], asked.AsSpan(0, size));
        HiddenStateHistory.Normalize(states[1], asked.AsSpan(size));
        float[] found = new float[2];
        history.FindLargestCosines(asked, found);

        Assert.Equal(count - 2, history.Count);
        Assert.Equal(states[2..].Max(state => Cosine(states[0], state)), found[0], 1e-5);
        Assert.Equal(states[2..].Max(state => Cosine(states[1], state)), found[1], 1e-5);
        history.Clear();
        Assert.Equal(0, history.Count);
    }

    [Fact]
    public void FindLargestCosines_StateOfZeros_IsLikeNothing()
    {
        var history = new HiddenStateHistory(3);
        history.Add([1, 2, 3]);
        history.Add([0, 0, 0]);
        float[] found = new float[1];

        history.FindLargestCosines([-1, 0, 0], found);
        Assert.Equal(0, found[0]);
        history.FindLargestCosines([0, 0, 0], found);
        Assert.Equal(0, found[0]);
    }

    [Theory]
    [InlineData(0, 0.6, "TopK", "TopK is 0, but contrastive search compares at least 1 token. Raise it.")]
    [InlineData(4, double.NaN, "Alpha", "Alpha is NaN, but must be from 0 to 1. Use 0 for the most probable token, or leave it at 0.6.")]
    [InlineData(4, 1.5, "Alpha", "Alpha is 1.5, but must be from 0 to 1. Use 0 for the most probable token, or leave it at 0.6.")]
    public void Validate_ValueOutOfItsRange_IsRefused(int topK, double alpha, string option, string message)
    {
        var error = Assert.Throws<InvalidSearchException>(new ContrastiveSearchOptions { TopK = topK, Alpha = alpha }.Validate);

        Assert.Equal((option, message), (error.Option, error.Message));
    }

    private static float[] State(ref Xoshiro256 random, int size)
    {
        float[] state = new float[size];
        foreach (ref float value in state.AsSpan())
        {
            value = (float)(random.NextDouble() - 0.5);
        }

        return state;
    }

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, static (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(static x => (double)x * x) * b.Sum(static x => (double)x * x));
}
