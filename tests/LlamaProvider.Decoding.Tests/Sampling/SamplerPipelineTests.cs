using System.Text.Json;
using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selectors;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling;

public sealed class SamplerPipelineTests
{
    [Fact]
    public void Presets_Are_TheDocumentedStages()
    {
        Assert.Equal(new SamplerPipeline([], new GreedySelector()), SamplerPipeline.Deterministic);
        Assert.Equal([new TopKStage(40), new TopPStage(0.95), new MinPStage(0.05), new TemperatureStage(0.8)], SamplerPipeline.Balanced.Stages);
        Assert.Equal(new CategoricalSelector(), SamplerPipeline.Balanced.Selector);
        Assert.Equal([new DryStage(), new MinPStage(0.03), new TemperatureStage(1.2)], SamplerPipeline.Creative.Stages);
        Assert.Equal(new CategoricalSelector(), SamplerPipeline.Creative.Selector);
    }

    [Fact]
    public void Equals_SameParts_ByValueAndOrder()
    {
        SamplerPipeline pipeline = SamplerPipeline.Create(s => s.TopK(5).TopP(0.5));

        Assert.True(pipeline.Equals(SamplerPipeline.Create(s => s.TopK(5).TopP(0.5))));
        Assert.True(pipeline.Equals((object)SamplerPipeline.Create(s => s.TopK(5).TopP(0.5))));
        Assert.Equal(pipeline.GetHashCode(), SamplerPipeline.Create(s => s.TopK(5).TopP(0.5)).GetHashCode());
        Assert.False(pipeline.Equals(SamplerPipeline.Create(s => s.TopP(0.5).TopK(5))));
        Assert.False(pipeline.Equals(SamplerPipeline.Create(s => s.TopK(6).TopP(0.5))));
        Assert.False(pipeline.Equals(SamplerPipeline.Create(s => s.TopK(5).TopP(0.5).Greedy())));
        Assert.False(pipeline.Equals(null));
        Assert.False(pipeline.Equals("top_k"));
    }

    [Fact]
    public void Equals_PartsWithCollections_ComparesTheirContents()
    {
        Assert.Equal(new DryStage(sequenceBreakers: ["a", "b"]), new DryStage(sequenceBreakers: new List<string> { "a", "b" }));
        Assert.NotEqual(new DryStage(sequenceBreakers: ["a", "b"]), new DryStage(sequenceBreakers: ["b", "a"]));
        Assert.NotEqual(new DryStage(lastTokens: 5), new DryStage());
        Assert.Equal(new LogitBiasStage(new Dictionary<int, double> { [1] = 2, [3] = 4 }), new LogitBiasStage(new Dictionary<int, double> { [3] = 4, [1] = 2 }));
        Assert.NotEqual(new LogitBiasStage(new Dictionary<int, double> { [1] = 2 }), new LogitBiasStage(new Dictionary<int, double> { [1] = 3 }));
        Assert.Equal(Custom("""{"a":1,"b":2}"""), Custom("""{ "b": 2, "a": 1 }"""));
        Assert.NotEqual(Custom("1"), Custom("2"));
        Assert.NotEqual(Custom("null"), new CustomStage("mine"));

        static CustomStage Custom(string json) => new("mine", System.Text.Json.JsonDocument.Parse(json).RootElement);
    }

    [Fact]
    public void Create_FromCollections_KeepsCopies()
    {
        var bias = new Dictionary<int, double> { [1] = 2 };
        var stage = new LogitBiasStage(bias);
        bias[1] = 3;

        Assert.Equal(2, stage.LogitBias[1]);
    }

    [Fact]
    public void With_KindThatIsThere_ReplacesItInPlaceOnce()
    {
        SamplerPipeline pipeline = SamplerPipeline.Create(s => s.Temperature(0.5).TopK(5).TopP(0.5).TopK(9).Greedy());

        Assert.Equal(SamplerPipeline.Create(s => s.Temperature(0.5).TopK(7).TopP(0.5).Greedy()), pipeline.With(new TopKStage(7)));
        Assert.Equal(SamplerPipeline.Create(s => s.Temperature(0.5).TopK(5).TopP(0.5).TopK(9).Greedy()), pipeline);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void With_KindThatIsNotThere_StandsWhereTheDefaultOrderHasIt(int index)
    {
        (SamplerStage Stage, string[] Names)[] cases =
        [
            (new LogitBiasStage(new Dictionary<int, double>()), ["logit_bias", "top_k", "top_p", "min_p", "temperature"]),
            (new TypicalStage(0.9), ["top_k", "typ_p", "top_p", "min_p", "temperature"]),
            (new XtcStage(), ["top_k", "top_p", "min_p", "xtc", "temperature"]),
            (new DryStage(), ["dry", "top_k", "top_p", "min_p", "temperature"]),
            (new CustomStage("mine"), ["top_k", "top_p", "min_p", "temperature", "custom"]),
        ];

        Assert.Equal(cases[index].Names, SamplerPipeline.Balanced.With(cases[index].Stage).Stages.Select(stage => stage.Name));
    }

    [Fact]
    public void With_EveryStageInAnyOrder_GivesTheDefaultOrder() =>
        Gen.Shuffle(SamplerComponents.Stages.Values.Select(gen => gen.Single()).ToArray()).Sample(stages =>
        {
            SamplerPipeline pipeline = stages.Aggregate(SamplerPipeline.Deterministic, (built, stage) => built.With(stage));

            Assert.Equal(
                [
                    "logit_bias", "penalties", "dry", "no_repeat_ngram", "exponential_decay_length", "top_n_sigma", "top_k", "typ_p", "top_p", "min_p", "epsilon_cutoff",
                    "eta_cutoff", "top_h", "xtc", "infill",
                ],
                pipeline.Stages.Select(stage => stage.Name).Take(15));
            Assert.Equal(stages.Last(stage => stage is TemperatureStage or DynamicTemperatureStage), pipeline.Stages[15]);
            Assert.Equal("custom", pipeline.Stages[16].Name);
            Assert.Equal(17, pipeline.Stages.Length);
        });

    [Fact]
    public void With_CustomStages_AreOneKindUnderOneName()
    {
        SamplerPipeline pipeline = SamplerPipeline.Balanced.With(new CustomStage("a")).With(new CustomStage("b")).With(new CustomStage("a", JsonElement.Parse("1")));

        Assert.Equal([new CustomStage("a", JsonElement.Parse("1")), new CustomStage("b")], pipeline.Stages[^2..]);
    }

    [Fact]
    public void With_Selector_KeepsTheStages()
    {
        SamplerPipeline pipeline = SamplerPipeline.Balanced.With(new MirostatV2Selector(3));

        Assert.Equal(SamplerPipeline.Balanced.Stages, pipeline.Stages);
        Assert.Equal(new MirostatV2Selector(3), pipeline.Selector);
    }
}
