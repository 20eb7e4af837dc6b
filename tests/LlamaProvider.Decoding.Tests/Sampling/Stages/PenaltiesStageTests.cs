using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class PenaltiesStageTests
{
    private static readonly float[] Row = [2, -2, 0, 1];

    private static readonly Gen<PenaltiesStage> AnyStage = Gen.Select(
        Gen.Double[0.5, 2], Gen.Double[-2, 2], Gen.Double[-2, 2], Gen.OneOf(Gen.Const((int?)null), Gen.Int[1, 30].Select(n => (int?)n), Gen.Const((int?)int.MaxValue)), Gen.Bool,
        (repeat, frequency, presence, window, countPrompt) => new PenaltiesStage(repeat, frequency, presence, window, countPrompt));

    [Fact]
    public void Apply_AnyHistory_IsTheFormulaOverRecountedTokens() =>
        Gen.Select(AnyStage, LogitRows.Any, Gen.Int[0, 9].Array[0, 150], Gen.Int[0, 150], Gen.Bool).Sample(
            (stage, row, tokens, length, asList) =>
            {
                int[] history = [.. tokens.Select(token => token % row.Length)];
                int promptLength = Math.Min(length, history.Length);
                double[] expected = Expected(stage, row, history, promptLength);
                float[] after = StageRun.Apply(new SamplerPipeline(asList ? [new EpsilonCutoffStage(1e-300), stage] : [stage]), row, history, promptLength);

                Assert.Equal(LogitRows.Ranking(row).Order(), StageRun.Kept(after));
                Assert.All(StageRun.Kept(after), token => Assert.Equal(expected[token], after[token], 1e-4 * Math.Max(1, Math.Abs(expected[token]))));
            },
            iter: 1000);

    [Fact]
    public void Apply_RepetitionPenalty_DividesPositiveAndMultipliesNegativeLogits() =>
        Assert.Equal([1, -4, 0, 1], StageRun.Apply(new PenaltiesStage(repeat: 2), Row, [0, 0, 1, 2]));

    [Fact]
    public void Apply_FrequencyAndPresence_CountTheAnswer() =>
        Assert.Equal([2 - 1.5f, -2 - 1, 0, 1], StageRun.Apply(new PenaltiesStage(frequency: 0.5, presence: 0.5), Row, [0, 0, 1]));

    [Fact]
    public void Apply_Prompt_CountsForRepetitionAlone()
    {
        Assert.Equal([1, -2, 0, 1], StageRun.Apply(new PenaltiesStage(2, 1, 1), Row, [0], promptLength: 1));
        Assert.Equal([-1, -2, 0, 1], StageRun.Apply(new PenaltiesStage(2, 1, 1, countPrompt: true), Row, [0], promptLength: 1));
    }

    [Fact]
    public void Apply_NoWindow_LooksBack64TokensForRepetitionAndAllForTheOthers()
    {
        int[] history = [0, 1, .. Enumerable.Repeat(3, 63)];

        Assert.Equal([2 - 1, -4 - 1], StageRun.Apply(new PenaltiesStage(repeat: 2, presence: 1), Row, history)[..2]);
    }

    [Fact]
    public void Apply_Window_HoldsTheLastTokensForAllThree() =>
        Assert.Equal([2, -4 - 1, 0, 0.5f - 2], StageRun.Apply(new PenaltiesStage(2, frequency: 1, lastTokens: 3), Row, [0, 1, 3, 3]));

    [Theory]
    [InlineData(1e300, 0, 0)]
    [InlineData(1e-300, 0, 0)]
    [InlineData(1, 1e300, -1e300)]
    [InlineData(1e-300, 1e300, 1e300)]
    public void Apply_PenaltiesBeyondTheRangeOfAFloat_LoseNoToken(double repeat, double frequency, double presence) => Assert.Equal(
        [0, 1, 2, 3], StageRun.Kept(StageRun.Apply(new PenaltiesStage(repeat, frequency, presence), [.. Row, float.NegativeInfinity], [0, 1, 2, 4, 4])));

    [Fact]
    public void Apply_Neutral_ChangesNothing() => Assert.Equal(Row, StageRun.Apply(new PenaltiesStage(), Row, [0, 1, 2, 3]));

    private static double[] Expected(PenaltiesStage stage, float[] row, int[] history, int promptLength)
    {
        int[] text = [.. history.TakeLast(stage.LastTokens ?? 64)];
        int[] answer = [.. history.Select((token, index) => (token, index)).TakeLast(stage.LastTokens ?? int.MaxValue)
            .Where(item => stage.CountPrompt || item.index >= promptLength).Select(item => item.token)];
        return [.. row.Select((logit, token) =>
        {
            double repeated = !text.Contains(token) ? logit : logit > 0 ? logit / stage.Repeat : logit * stage.Repeat;
            int count = answer.Count(other => other == token);
            return count == 0 ? repeated : repeated - (count * stage.Frequency) - stage.Presence;
        })];
    }
}
