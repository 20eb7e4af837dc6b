using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling.Stages;

public sealed class LogitBiasStageTests
{
    [Fact]
    public void Apply_AnyBias_IsAddedToItsTokens() =>
        Gen.Select(LogitRows.Any, Gen.Dictionary(Gen.Int[0, 79], Gen.Double[-30, 30])[0, 10], Gen.Bool).Sample((row, bias, asList) =>
        {
            Dictionary<int, double> known = bias.Where(pair => pair.Key < row.Length).ToDictionary();
            var stage = new LogitBiasStage(known);
            float[] after = StageRun.Apply(new SamplerPipeline(asList ? [new EpsilonCutoffStage(1e-300), stage] : [stage]), row);

            Assert.Equal(LogitRows.Ranking(row).Order(), StageRun.Kept(after));
            Assert.All(StageRun.Kept(after), token => Assert.Equal(row[token] + known.GetValueOrDefault(token), after[token], 1e-4));
        });

    [Fact]
    public void Apply_NegativeInfinity_RemovesTheToken() =>
        Assert.Equal([0, 2], StageRun.Kept(new LogitBiasStage(new Dictionary<int, double> { [1] = double.NegativeInfinity }), [1, 9, 1]));

    [Fact]
    public void Apply_TokenThatAnEarlierStageRemoved_StaysRemoved()
    {
        SamplerPipeline pipeline = SamplerPipeline.Create(s => s.TopK(2).LogitBias(new Dictionary<int, double> { [0] = 100, [1] = 100 }));

        Assert.Equal([float.NegativeInfinity, 105, 6], StageRun.Apply(pipeline, [4, 5, 6]));
    }

    [Fact]
    public void Apply_HugeFiniteBias_NeitherForbidsNorLosesTheToken()
    {
        Assert.Equal([0, 1], StageRun.Kept(new LogitBiasStage(new Dictionary<int, double> { [1] = 1e300 }), [1, 1]));
        Assert.Equal([0, 1], StageRun.Kept(new LogitBiasStage(new Dictionary<int, double> { [1] = -1e300 }), [1, 1]));
        Assert.Equal([0], StageRun.Kept(new LogitBiasStage(new Dictionary<int, double> { [1] = 1e300 }), [1, float.PositiveInfinity]));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void Bind_TokenOutsideTheVocabulary_SaysWhichThereAre(int token)
    {
        SamplerPipeline pipeline = SamplerPipeline.Create(s => s.LogitBias(new Dictionary<int, double> { [token] = 1 }));

        InvalidSamplerException error = Assert.Throws<InvalidSamplerException>(() =>
            new BoundPipeline(pipeline, new SamplerBinding(StageRun.Numbers(3)), new SamplerWorkspacePool()));

        Assert.Equal("logit_bias", error.Option);
        Assert.Equal($"logit_bias names token {token}, but the model's tokens are 0 to 2. Take the numbers from this model's tokenizer.", error.Message);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void Create_NotANumberOrPositiveInfinity_SaysTheRule(double bias, string text) => Assert.Equal(
        $"logit_bias of token 7 is {text}, but must be finite, or negative infinity to forbid the token. Change it, or leave it out.",
        Assert.Throws<InvalidSamplerException>(() => new LogitBiasStage(new Dictionary<int, double> { [7] = bias })).Message);
}
