using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selectors;
using LlamaProvider.Decoding.Sampling.Stages;
using LlamaProvider.TestSupport.Sampling;

namespace LlamaProvider.Decoding.Tests.Sampling;

public sealed class SamplerPipelineEdgeTests
{
    /// <summary>Stages that leave a candidate of any row.</summary>
    private static readonly Gen<SamplerStage> AnyStage = Gen.OneOf(
        [.. SamplerComponents.Stages.Where(pair => pair.Key != typeof(CustomStage) && pair.Key != typeof(LogitBiasStage) && pair.Key != typeof(PenaltiesStage) && pair.Key != typeof(DryStage))
            .Select(pair => pair.Value),
        Gen.Double[0.5, 2].Select(SamplerStage (repeat) => new PenaltiesStage(repeat, 0.5, 0.5)),
        Gen.Double[0, 1].Select(SamplerStage (multiplier) => new DryStage(multiplier, allowedLength: 1))]);

    [Fact]
    public void Choose_AnyStagesOnAnyRow_IsAFiniteTokenOrTheEndOfInfill() =>
        Gen.Select(Gen.OneOf(LogitRows.Any, LogitRows.Extreme), AnyStage.Array[0, 5], Gen.OneOf([.. SamplerComponents.Selectors.Values]), Gen.ULong[0, 99]).Sample(
            (row, stages, selector, seed) =>
            {
                int[] finite = LogitRows.Ranking(row);
                TokenSampler sampler = new SamplerPipeline(stages, selector).Create(StageRun.Numbers(row.Length), [finite[0], finite[^1], finite[0]], seed);
                int? end = stages.Any(stage => stage is InfillStage) ? Math.Min(2, row.Length - 1) : null;

                for (int step = 0; step < 3; step++)
                {
                    int token;
                    try
                    {
                        token = sampler.Choose(row);
                    }
                    catch (NoCandidateException error) when (error.Stage == "no_repeat_ngram")
                    {
                        return;
                    }

                    Assert.True(token == end || finite.Contains(token), $"Token {token} is chosen.");
                    sampler.Accept(token);
                }
            },
            iter: 5000);

    [Fact]
    public void Choose_NothingFinite_SaysSo()
    {
        NoCandidateException error = Assert.Throws<NoCandidateException>(() => SelectOne(SamplerPipeline.Balanced, [float.NaN, float.NegativeInfinity, float.PositiveInfinity]));

        Assert.Equal("None of the 3 logits is finite, so there is no token to choose. Check the model file and its numeric formats.", error.Message);
        Assert.Null(error.Stage);
    }

    [Fact]
    public void Choose_StageThatLeavesNothing_NamesIt()
    {
        SamplerPipeline pipeline = SamplerPipeline.Create(s => s
            .TopK(2).LogitBias(new Dictionary<int, double> { [1] = double.NegativeInfinity, [2] = double.NegativeInfinity }).Temperature(0.5));

        NoCandidateException error = Assert.Throws<NoCandidateException>(() => SelectOne(pipeline, [1, 3, 2]));

        Assert.Equal("The sampler stage 'logit_bias' left no token to choose from. Loosen it, or leave it out.", error.Message);
        Assert.Equal("logit_bias", error.Stage);
    }

    [Fact]
    public void Choose_AfterAFailedChoice_WorksAgain()
    {
        TokenSampler sampler = SamplerPipeline.Balanced.Create(StageRun.Numbers(3), []);
        Assert.Throws<NoCandidateException>(() => sampler.Choose([float.NaN, float.NaN, float.NaN]));

        Assert.Equal(1, sampler.Choose([float.NaN, 1, float.NaN]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(300)]
    public void Choose_OneCandidateAndAllStages_ChoosesIt(int count)
    {
        float[] row = new float[count];
        Array.Fill(row, float.NegativeInfinity);
        row[count / 2] = -7;
        SamplerPipeline pipeline = SamplerPipeline.Create(s => s
            .Penalties(1.5, 1, 1).Dry().TopNSigma(1).TopK(5).Typical(0.5).TopP(0.5).MinP(0.5).EpsilonCutoff(0.5).EtaCutoff(0.5).TopH(0.4).Xtc(1, 0).Infill().DynamicTemperature(1, 0.5));

        foreach (TokenSelector selector in new TokenSelector[] { new GreedySelector(), new CategoricalSelector(), new MirostatSelector(), new MirostatV2Selector(), new AdaptivePSelector(0.5) })
        {
            Assert.Equal(count / 2, SelectOne(pipeline.With(selector), row));
        }
    }

    private static int SelectOne(SamplerPipeline pipeline, float[] row) => pipeline.Create(StageRun.Numbers(Math.Max(row.Length, 1)), []).Choose(row);
}
