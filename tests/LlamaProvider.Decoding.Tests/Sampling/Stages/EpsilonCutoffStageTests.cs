using CsCheck;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class EpsilonCutoffStageTests
{
    [Fact]
    public void Apply_AnyRow_KeepsWhatIsAsProbableAsEpsilon() =>
        Gen.Select(LogitRows.Any, Gen.Double[0, 5].Select(power => Math.Pow(10, -power)), Gen.Bool).Sample(
            (row, epsilon, asList) => LogitRows.AssertBetween(
                Expected(row, epsilon * (1 + 1e-5)), StageRun.Kept(new EpsilonCutoffStage(epsilon), row, asList), Expected(row, epsilon * (1 - 1e-5))),
            iter: 1000);

    [Fact]
    public void Apply_NothingReachesEpsilon_KeepsTheMostProbableAndItsEquals() =>
        Assert.Equal([1, 2], StageRun.Kept(new EpsilonCutoffStage(1), [0, 1, 1, 0]));

    [Fact]
    public void Apply_EpsilonZero_KeepsAll() => Assert.Equal([0, 1], StageRun.Kept(new EpsilonCutoffStage(0), [-500, 500]));

    [Fact]
    public void Apply_EpsilonsAroundAProbability_DecideOnIt()
    {
        float[] row = [.. new[] { 0.6, 0.3, 0.1 }.Select(p => (float)Math.Log(p))];

        Assert.Equal([0, 1, 2], StageRun.Kept(new EpsilonCutoffStage(0.0999), row));
        Assert.Equal([0, 1], StageRun.Kept(new EpsilonCutoffStage(0.1001), row));
    }

    private static int[] Expected(float[] row, double epsilon)
    {
        double[] probabilities = StageRun.Softmax(row);
        return [.. LogitRows.Ranking(row).Where(token => probabilities[token] >= epsilon || row[token] == row[LogitRows.Ranking(row)[0]])];
    }
}
