using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selectors;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling;

public sealed class SamplerPipelineBuilderTests
{
    [Fact]
    public void Create_EveryMethod_AddsItsComponentInOrder()
    {
        SamplerPipeline pipeline = SamplerPipeline.Create(s => s
            .LogitBias(new Dictionary<int, double> { [1] = 2 }).Penalties(1.1, 0.2, 0.3, 4, countPrompt: true).Dry(0.5, 1.5, 3, 40, ["x"]).NoRepeatNgram(3)
            .ExponentialDecayLength(10, 1.1).TopNSigma(1.5).TopK(5, keepTies: true).Typical(0.9, 2, keepTies: true).TopP(0.8, 3).MinP(0.1, 4).EpsilonCutoff(0.001, 5)
            .EtaCutoff(0.002, 6).TopH(0.4, 50).Xtc(0.6, 0.2, 7).Infill().Temperature(0.9).DynamicTemperature(1, 0.5, 2).Custom("mine").AdaptiveP(0.3, 0.8));

        SamplerStage[] expected =
        [
            new LogitBiasStage(new Dictionary<int, double> { [1] = 2 }), new PenaltiesStage(1.1, 0.2, 0.3, 4, countPrompt: true), new DryStage(0.5, 1.5, 3, 40, ["x"]),
            new NoRepeatNgramStage(3), new ExponentialDecayLengthStage(10, 1.1), new TopNSigmaStage(1.5), new TopKStage(5, keepTies: true),
            new TypicalStage(0.9, 2, keepTies: true), new TopPStage(0.8, 3), new MinPStage(0.1, 4), new EpsilonCutoffStage(0.001, 5), new EtaCutoffStage(0.002, 6),
            new TopHStage(0.4, 50), new XtcStage(0.6, 0.2, 7), new InfillStage(), new TemperatureStage(0.9), new DynamicTemperatureStage(1, 0.5, 2), new CustomStage("mine"),
        ];
        Assert.Equal(expected, pipeline.Stages);
        Assert.Equal(new AdaptivePSelector(0.3, 0.8), pipeline.Selector);
    }

    [Fact]
    public void Create_Selectors_EndThePipeline()
    {
        Assert.Equal(new GreedySelector(), SamplerPipeline.Create(s => s.Greedy()).Selector);
        Assert.Equal(new CategoricalSelector(), SamplerPipeline.Create(s => s.Categorical()).Selector);
        Assert.Equal(new MirostatSelector(4, 0.2, 50), SamplerPipeline.Create(s => s.Mirostat(4, 0.2, 50)).Selector);
        Assert.Equal(new MirostatV2Selector(4, 0.2), SamplerPipeline.Create(s => s.MirostatV2(4, 0.2)).Selector);
        Assert.Equal(new CategoricalSelector(), SamplerPipeline.Create(s => s.TopK(1)).Selector);
    }

    [Fact]
    public void From_AnotherPipeline_AddsItsStagesAndASelectorThatIsNoDraw()
    {
        SamplerPipeline mirostat = SamplerPipeline.Create(s => s.TopK(5).Mirostat());

        Assert.Equal(SamplerPipeline.Create(s => s.Penalties(1.1).TopK(5).Mirostat()), SamplerPipeline.Create(s => s.Penalties(1.1).From(mirostat)));
        Assert.Equal(
            SamplerPipeline.Create(s => s.TopK(40).TopP(0.95).MinP(0.05).Temperature(0.8).Greedy()), SamplerPipeline.Create(s => s.From(SamplerPipeline.Balanced).Greedy()));
    }

    [Fact]
    public void Add_TwoSelectors_NamesBoth()
    {
        InvalidSamplerException error = Assert.Throws<InvalidSamplerException>(() => SamplerPipeline.Create(s => s.Greedy().Mirostat()));

        Assert.Equal("The pipeline has two selectors, 'greedy' and 'mirostat', but one of them chooses the token. Leave one out.", error.Message);
        Assert.Equal("mirostat", error.Option);
    }

    [Fact]
    public void Add_StageAfterTheSelector_NamesBoth()
    {
        InvalidSamplerException error = Assert.Throws<InvalidSamplerException>(() => SamplerPipeline.Create(s => s.Greedy().TopK(5)));

        Assert.Equal("The stage 'top_k' comes after the selector 'greedy', which ends the pipeline. Put it before.", error.Message);
        Assert.Equal("top_k", error.Option);
    }

    [Fact]
    public void From_StagesAfterTheSelector_NamesBoth() => Assert.Equal(
        "The stage 'top_k' comes after the selector 'greedy', which ends the pipeline. Put it before.",
        Assert.Throws<InvalidSamplerException>(() => SamplerPipeline.Create(s => s.Greedy().From(SamplerPipeline.Balanced))).Message);
}
