using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Models;
using Microsoft.Extensions.Logging.Testing;

namespace LlamaProvider.Tests.Models;

public sealed class RecommendedSamplersTests
{
    [Fact]
    public void Read_NoRecommendation_IsBalanced() =>
        Assert.Equal(SamplerPipeline.Balanced, Read(("general.name", "x")));

    [Fact]
    public void Read_SomeValues_ReplaceThoseOfBalanced() => Assert.Equal(
        SamplerPipeline.Create(s => s.Penalties(repeat: 1.05, lastTokens: 64).TopK(20).TopP(0.95).MinP(0).Temperature(0.6)),
        Read(("general.sampling.temp", "0.600000"), ("general.sampling.top_k", "20"), ("general.sampling.min_p", "0.000000"), ("general.sampling.penalty_repeat", "1.05")));

    [Theory]
    [InlineData("-1", int.MaxValue)]
    [InlineData("128", 128)]
    public void Read_PenaltyWindow_IsLlamaCppsMeaning(string window, int expected) => Assert.Equal(
        SamplerPipeline.Create(s => s.Penalties(repeat: 1.1, lastTokens: expected).TopK(40).TopP(0.95).MinP(0.05).Temperature(0.8)),
        Read(("general.sampling.penalty_repeat", "1.1"), ("general.sampling.penalty_last_n", window)));

    [Fact]
    public void Read_PenaltyWindowZero_SwitchesPenaltiesOff() =>
        Assert.Equal(SamplerPipeline.Balanced, Read(("general.sampling.penalty_repeat", "1.1"), ("general.sampling.penalty_last_n", "0")));

    [Fact]
    public void Read_Sequence_OrdersTheStages() => Assert.Equal(
        SamplerPipeline.Create(s => s.Temperature(0.8).Xtc(0.5, 0.1).MinP(0.05).TopP(0.9)),
        Read(("general.sampling.sequence", "temperature;xtc; min-p;typ_p;top-p"), ("general.sampling.xtc_probability", "0.5"), ("general.sampling.top_p", "0.9")));

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void Read_Mirostat_LeavesOnlyTheTemperature(string version) => Assert.Equal(
        version == "1"
            ? SamplerPipeline.Create(s => s.Temperature(0.9).Mirostat(tau: 4, eta: 0.2))
            : SamplerPipeline.Create(s => s.Temperature(0.9).MirostatV2(tau: 4, eta: 0.2)),
        Read(("general.sampling.mirostat", version), ("general.sampling.mirostat_tau", "4"), ("general.sampling.mirostat_eta", "0.2"), ("general.sampling.temp", "0.9")));

    [Fact]
    public void Read_UnusableValues_AreLeftOutWithAWarning()
    {
        var logger = new FakeLogger();

        SamplerPipeline samplers = RecommendedSamplers.Read(
            new Dictionary<string, string> { ["general.sampling.top_p"] = "7", ["general.sampling.temp"] = "hot", ["general.sampling.sequence"] = "top_p;magic;temperature" },
            logger);

        Assert.Equal(SamplerPipeline.Create(s => s.TopP(0.95).Temperature(0.8)), samplers);
        Assert.Equal(
            [
                "The model file recommends general.sampling.temp, which is left out: 'hot' is not a finite number.",
                "The model file recommends general.sampling.top_p, which is left out: top_p is 7, but must be between 0 and 1. Change it, or leave it out.",
                "The model file recommends the sampler 'magic', which this library does not know; it is left out.",
            ],
            logger.Collector.GetSnapshot().Select(record => record.Message).Order());
    }

    private static SamplerPipeline Read(params (string Key, string Value)[] metadata)
    {
        var logger = new FakeLogger();
        SamplerPipeline samplers = RecommendedSamplers.Read(metadata.ToDictionary(pair => pair.Key, pair => pair.Value), logger);
        Assert.Equal(0, logger.Collector.Count);
        return samplers;
    }
}
