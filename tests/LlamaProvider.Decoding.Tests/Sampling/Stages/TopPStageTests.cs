using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class TopPStageTests
{
    private const double Rounding = 1e-5;

    [Fact]
    public void Apply_AnyRow_KeepsTheNucleusOfASort() =>
        Gen.Select(Gen.OneOf(LogitRows.Any, Gen.Float[0, 0.1f].Array[30, 300]), Gen.Double[0, 1], Gen.Int[1, 20], Gen.Bool).Sample(
            (row, p, minKeep, asList) => LogitRows.AssertBetween(
                Nucleus(row, p - Rounding, minKeep), StageRun.Kept(new TopPStage(p, minKeep), row, asList), Nucleus(row, p + Rounding, minKeep)),
            iter: 1000);

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.500001, 3)]
    [InlineData(0.75, 3)]
    [InlineData(0.25, 1)]
    [InlineData(0.1, 1)]
    public void Apply_EqualTokens_KeepsTheOneThatReachesPAndTheLowest(double p, int kept) =>
        Assert.Equal(Enumerable.Range(0, kept), StageRun.Kept(new TopPStage(p), new float[4]));

    [Fact]
    public void Apply_TokenThatCrossesP_IsKept() =>
        Assert.Equal([0, 2], StageRun.Kept(new TopPStage(0.7), [MathF.Log(0.6f), MathF.Log(0.1f), MathF.Log(0.3f)]));

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    public void Apply_PZeroOnTies_KeepsTheLowest(int count)
    {
        Assert.Equal([0], StageRun.Kept(new TopPStage(0), new float[count]));
        Assert.Equal([0], StageRun.Kept(new TopPStage(0), new float[count], asList: true));
    }

    [Fact]
    public void Apply_POne_KeepsAllHoweverImprobable() => Assert.Equal([0, 1, 3], StageRun.Kept(new TopPStage(1), [500, -500, float.NegativeInfinity, 0]));

    [Fact]
    public void Apply_Twice_KeepsLessBecauseProbabilitiesAreOfWhatIsLeft()
    {
        var stage = new TopPStage(0.5);

        Assert.Equal([0, 1, 2, 3], StageRun.Kept(stage, new float[8]));
        Assert.Equal([0, 1], StageRun.Kept(StageRun.Apply(new SamplerPipeline([stage, stage]), new float[8])));
    }

    [Fact]
    public void Apply_LongFlatRow_KeepsItsShare() =>
        Assert.Equal(Enumerable.Range(0, 90_000), StageRun.Kept(new TopPStage(0.9), new float[100_000]));

    private static int[] Nucleus(float[] row, double p, int minKeep)
    {
        int[] ranking = LogitRows.Ranking(row);
        double[] probabilities = StageRun.Softmax(row);
        double mass = 0;
        int count = 1 + ranking.TakeWhile(token => (mass += probabilities[token]) < p).Count();
        return LogitRows.First(ranking, Math.Max(count, minKeep));
    }
}
