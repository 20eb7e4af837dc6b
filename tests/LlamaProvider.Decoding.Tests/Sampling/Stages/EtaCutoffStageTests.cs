using CsCheck;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class EtaCutoffStageTests
{
    [Fact]
    public void Apply_AnyRow_KeepsWhatIsAsProbableAsEta() =>
        Gen.Select(LogitRows.Any, Gen.Double[0, 5].Select(power => Math.Pow(10, -power)), Gen.Bool).Sample(
            (row, epsilon, asList) => LogitRows.AssertBetween(
                Expected(row, epsilon, 1 + 1e-4), StageRun.Kept(new EtaCutoffStage(epsilon), row, asList), Expected(row, epsilon, 1 - 1e-4)),
            iter: 1000);

    [Fact]
    public void Apply_UnsureModel_CutsBelowEpsilon()
    {
        // 100 equal tokens: H = ln 100, so η = √0.04 / 100 = 0.002, below each token's 0.01 and below ε.
        Assert.Equal(100, StageRun.Kept(new EtaCutoffStage(0.04), new float[100]).Length);
    }

    [Fact]
    public void Apply_SureModel_CutsAtEpsilon()
    {
        float[] row = [.. new[] { 0.98, 0.0101, 0.0099 }.Select(p => (float)Math.Log(p))];

        Assert.Equal([0, 1], StageRun.Kept(new EtaCutoffStage(0.01), row));
    }

    [Fact]
    public void Apply_EpsilonZero_KeepsAll() => Assert.Equal([0, 1], StageRun.Kept(new EtaCutoffStage(0), [-500, 500]));

    private static int[] Expected(float[] row, double epsilon, double rounding)
    {
        double[] probabilities = StageRun.Softmax(row);
        double eta = Math.Min(epsilon, Math.Sqrt(epsilon) * Math.Exp(-LogitRows.Entropy(probabilities)));
        return [.. LogitRows.Ranking(row).Where(token => probabilities[token] >= eta * rounding || row[token] == row[LogitRows.Ranking(row)[0]])];
    }
}
