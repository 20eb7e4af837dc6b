using CsCheck;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class TypicalStageTests
{
    /// <summary>Of a distance between surprise and entropy.</summary>
    private const double DistanceRounding = 1e-4;

    /// <summary>Of a sum of probabilities.</summary>
    private const double MassRounding = 1e-5;

    /// <summary>Which of two tokens comes first that are equally far from the entropy on both of its sides is rounding's choice, so the law is tested, not the set.</summary>
    [Fact]
    public void Apply_AnyRow_KeepsTheMostTypicalUntilTheyHoldP() =>
        Gen.Select(LogitRows.Any, Gen.Double[0.001, 0.999], Gen.Bool).Sample(
            (row, p, asList) =>
            {
                double[] probabilities = StageRun.Softmax(row);
                double[] distances = Distances(probabilities);
                int[] kept = StageRun.Kept(new TypicalStage(p), row, asList);
                int[] removed = [.. LogitRows.Ranking(row).Except(kept)];
                double farthest = kept.Max(token => distances[token]);

                Assert.True(removed.Length == 0 || removed.Min(token => distances[token]) >= farthest - DistanceRounding);
                Assert.True(removed.Length == 0 || kept.Sum(token => probabilities[token]) > p - MassRounding);
                double largestOfTheLast = kept.Where(token => distances[token] > farthest - DistanceRounding).Max(token => probabilities[token]);
                Assert.True(kept.Sum(token => probabilities[token]) - largestOfTheLast <= p + MassRounding);
            },
            iter: 1000);

    [Fact]
    public void Apply_SureModel_KeepsWhatAWalkInDoublePrecisionKeeps()
    {
        double[] probabilities = [0.55, 0.2, 0.12, 0.08, 0.05];
        float[] row = [.. probabilities.Select(p => (float)Math.Log(p))];
        double[] distances = Distances(probabilities);
        int[] ranking = [.. Enumerable.Range(0, 5).OrderBy(token => distances[token])];
        double mass = 0;

        for (int count = 1; count < 5; count++)
        {
            mass += probabilities[ranking[count - 1]];
            Assert.Equal(ranking[..count].Order(), StageRun.Kept(new TypicalStage(mass - 0.001), row));
        }
    }

    [Fact]
    public void Apply_MaskedTokens_DoNotTurnItIntoTopP()
    {
        // H = 1.07: the tokens of surprise 1.29 are closer to it than the most probable one with 0.80.
        float[] row = [MathF.Log(0.45f), MathF.Log(0.275f), float.NegativeInfinity, MathF.Log(0.275f), float.NaN];

        Assert.Equal([1, 3], StageRun.Kept(new TypicalStage(0.3), row));
        Assert.Equal([0, 1, 3], StageRun.Kept(new TypicalStage(0.99), row));
    }

    [Theory]
    [InlineData(false, 0.5, 3)]
    [InlineData(false, 0.49, 2)]
    [InlineData(false, 0, 1)]
    [InlineData(true, 0.5, 4)]
    [InlineData(true, 0, 4)]
    [InlineData(false, 1, 4)]
    public void Apply_EqualTokens_GoesAbovePAndKeepsTheLowest(bool keepTies, double p, int kept) =>
        Assert.Equal(Enumerable.Range(0, kept), StageRun.Kept(new TypicalStage(p, keepTies: keepTies), new float[4]));

    private static double[] Distances(double[] probabilities)
    {
        double entropy = LogitRows.Entropy(probabilities);
        return [.. probabilities.Select(p => Math.Abs(-Math.Log(p) - entropy))];
    }
}
