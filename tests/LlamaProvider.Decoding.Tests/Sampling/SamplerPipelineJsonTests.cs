using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using CsCheck;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Tests.Sampling;

public sealed class SamplerPipelineJsonTests
{
    [Fact]
    public void FromJson_OfToJson_IsAnEqualPipeline() => SamplerComponents.AnyPipeline.Sample(
        pipeline =>
        {
            SamplerPipeline read = Read(pipeline.ToJson().GetRawText());

            Assert.Equal(pipeline, read);
            Assert.Equal(pipeline.GetHashCode(), read.GetHashCode());
            Assert.Equal(pipeline.ToString(), read.ToString());
        },
        iter: 1000);

    [Fact]
    public void FromJson_OfEveryComponentInOnePipeline_IsAnEqualPipeline()
    {
        foreach (Gen<TokenSelector> selector in SamplerComponents.Selectors.Values)
        {
            var pipeline = new SamplerPipeline(SamplerComponents.Stages.Values.Select(gen => gen.Single()), selector.Single());
            Assert.Equal(pipeline, Read(pipeline.ToString()));
        }
    }

    [Fact]
    public void EveryComponent_OfTheAssembly_HasAJsonTypeAndIsCoveredHere()
    {
        Type[] types = [.. typeof(SamplerComponent).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(SamplerComponent)))];
        JsonDerivedTypeAttribute[] attributes = [.. typeof(SamplerComponent).GetCustomAttributes<JsonDerivedTypeAttribute>()];

        Assert.Equal(types.ToHashSet(), attributes.Select(attribute => attribute.DerivedType).ToHashSet());
        Assert.Equal(types.ToHashSet(), SamplerComponents.Stages.Keys.Concat(SamplerComponents.Selectors.Keys).ToHashSet());
        Assert.Equal(attributes.Length, attributes.Select(attribute => attribute.TypeDiscriminator).Distinct().Count());
        Assert.All(SamplerComponents.Stages, pair => Assert.Equal(attributes.Single(a => a.DerivedType == pair.Key).TypeDiscriminator, pair.Value.Single().Name));
        Assert.All(SamplerComponents.Selectors, pair => Assert.Equal(attributes.Single(a => a.DerivedType == pair.Key).TypeDiscriminator, pair.Value.Single().Name));
    }

    [Fact]
    public void ToJson_Balanced_IsTheDocumentedForm() => Assert.Equal(
        """[{"type":"top_k","top_k":40,"keep_ties":false},{"type":"top_p","top_p":0.95,"min_keep":1},{"type":"min_p","min_p":0.05,"min_keep":1},{"type":"temperature","temperature":0.8},{"type":"categorical"}]""",
        SamplerPipeline.Balanced.ToString());

    [Fact]
    public void FromJson_NegativeInfinityBias_ComesBack()
    {
        SamplerPipeline pipeline = SamplerPipeline.Create(s => s.LogitBias(new Dictionary<int, double> { [5] = double.NegativeInfinity, [3] = -1.5 }));

        Assert.Equal("""[{"type":"logit_bias","logit_bias":{"3":-1.5,"5":"-Infinity"}},{"type":"categorical"}]""", pipeline.ToString());
        Assert.Equal(double.NegativeInfinity, Assert.IsType<LogitBiasStage>(Assert.Single(Read(pipeline.ToString()).Stages)).LogitBias[5]);
    }

    [Theory]
    [InlineData("""[{"type":"top_k","top_k":"40"}]""")]
    [InlineData("""[{"type":"top_k","top_k":40.0}]""")]
    [InlineData("""[{"type":"top_k","top_k":4e1,"keep_ties":"False"}]""")]
    [InlineData("""[{"top_k":40,"type":"top_k"},"categorical"]""")]
    [InlineData("""[{"type":"top_k","top_k":"40.0"},{"type":"categorical"}]""")]
    public void FromJson_ValuesAsOthersWriteThem_AreRead(string json) => Assert.Equal(SamplerPipeline.Create(s => s.TopK(40)), Read(json));

    [Fact]
    public void FromJson_BareNames_HaveTheirDefaults() =>
        Assert.Equal(SamplerPipeline.Create(s => s.Penalties().Dry().Xtc().Infill().Mirostat()), Read("""["penalties","dry","xtc","infill","mirostat"]"""));

    [Fact]
    public void FromJson_NumbersAsTexts_AreReadWhateverTheCulture() => Assert.Equal(
        SamplerPipeline.Create(s => s.TopP(0.25).Penalties(lastTokens: 12)), Read("""[{"type":"top_p","top_p":"0.25"},{"type":"penalties","repeat_last_n":"12"}]"""));

    [Fact]
    public void FromJson_NullWindow_IsTheDefault() =>
        Assert.Equal(SamplerPipeline.Create(s => s.Penalties(1.1)), Read("""[{"type":"penalties","repeat_penalty":1.1,"repeat_last_n":null}]"""));

    [Fact]
    public void FromJson_EmptyArray_IsAPlainDraw() => Assert.Equal(new SamplerPipeline([]), Read("[]"));

    private static SamplerPipeline Read(string json) => SamplerPipeline.FromJson(JsonDocument.Parse(json).RootElement);
}
