using System.Text.Json.Nodes;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Stages;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>Precedence: raw options, then AdditionalProperties, then typed options, then the default.</summary>
public sealed class SamplerReaderTests
{
    private static readonly SamplerPipeline Default = SamplerPipeline.Create(s => s.TopK(20).TopP(0.9).Temperature(0.6));

    public static TheoryData<string, ChatOptions, string> Refused { get; } = new()
    {
        { "Temperature", new() { Temperature = -0.5f }, "Temperature: temperature is -0.5, but must be 0 or more, and finite. Change it, or leave it out." },
        { "Temperature", new() { Temperature = float.NaN }, "Temperature: temperature is NaN, but must be 0 or more, and finite. Change it, or leave it out." },
        { "TopP", new() { TopP = 1.5f }, "TopP: top_p is 1.5, but must be between 0 and 1. Change it, or leave it out." },
        { "TopK", new() { TopK = -1 }, "TopK: top_k is -1, but must be 0 or more. Change it, or leave it out." },
        { "FrequencyPenalty", new() { FrequencyPenalty = float.PositiveInfinity }, "FrequencyPenalty: frequency_penalty is Infinity, but must be a finite number. Change it, or leave it out." },
        { "PresencePenalty", new() { PresencePenalty = float.NaN }, "PresencePenalty: presence_penalty is NaN, but must be a finite number. Change it, or leave it out." },
        { "llama.min_p", With("llama.min_p", 2), "llama.min_p: min_p is 2, but must be between 0 and 1. Change it, or leave it out." },
        { "llama.samplers", With("llama.samplers", TimeSpan.Zero), "llama.samplers is a System.TimeSpan, which cannot be read. Give JSON, or use the extension method that writes it." },
        { "samplers", With("llama.samplers", "top_k"), "samplers is \"top_k\", but must be an array of objects with a \"type\", such as [{\"type\":\"top_k\",\"top_k\":40}]." },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Read_BadValue_NamesOptionValueAndRule(string option, ChatOptions options, string message)
    {
        var error = Assert.Throws<InvalidSamplerException>(() => SamplerReader.Read(options, null, Default));

        Assert.Equal((option, message), (error.Option, error.Message));
    }

    [Fact]
    public void Read_NothingSet_IsTheDefault() => Assert.Equal(Default, SamplerReader.Read(new ChatOptions(), null, Default));

    [Fact]
    public void Read_TypedOptions_EditTheDefault()
    {
        var options = new ChatOptions { Temperature = 0.95f, TopP = 0.5f, TopK = 7, FrequencyPenalty = 0.1f, PresencePenalty = -0.2f };

        Assert.Equal(
            SamplerPipeline.Create(s => s.Penalties(frequency: 0.1, presence: -0.2).TopK(7).TopP(0.5).Temperature(0.95)),
            SamplerReader.Read(options, null, Default));
    }

    [Fact]
    public void Read_OnePenalty_KeepsTheDefaultsOthers()
    {
        SamplerPipeline defaults = Default.With(new PenaltiesStage(repeat: 1.1, frequency: 0.3, lastTokens: 9));

        Assert.Equal(
            defaults.With(new PenaltiesStage(repeat: 1.1, frequency: 0.3, presence: 1, lastTokens: 9)),
            SamplerReader.Read(new ChatOptions { PresencePenalty = 1 }, null, defaults));
    }

    [Fact]
    public void Read_Pipeline_WinsOverTypedOptions()
    {
        ChatOptions options = new ChatOptions { Temperature = 1, TopK = 3 }.UseSamplers(s => s.MinP(0.1));

        Assert.Equal(SamplerPipeline.Create(s => s.MinP(0.1)), SamplerReader.Read(options, null, Default));
    }

    [Fact]
    public void Read_RawOptions_WinOverEverything()
    {
        ChatOptions options = With("llama.min_p", 0.5).UseSamplers(s => s.MinP(0.1));
        options.Temperature = 1;

        Assert.Equal(SamplerPipeline.Creative, SamplerReader.Read(options, new LlamaGenerationOptions { Samplers = SamplerPipeline.Creative }, Default));
        Assert.Equal(SamplerPipeline.Create(s => s.MinP(0.5)), SamplerReader.Read(options, new LlamaGenerationOptions(), Default));
    }

    [Theory]
    [InlineData("llama.min_p", 0.1)]
    [InlineData("llama.min_p", "0.1")]
    public void Read_SingleValue_EditsTheTypedPipeline(string key, object value)
    {
        ChatOptions options = With(key, value);
        options.Temperature = 0.3f;

        Assert.Equal(SamplerPipeline.Create(s => s.TopK(20).TopP(0.9).MinP(0.1).Temperature(0.3)), SamplerReader.Read(options, null, Default));
    }

    [Fact]
    public void Read_SingleValuesOfOneStage_AddUp()
    {
        ChatOptions options = With("llama.xtc_probability", 0.25);
        options.AdditionalProperties!["llama.xtc_threshold"] = JsonValue.Create(0.2);
        options.AdditionalProperties!["llama.repeat_penalty"] = 1.2m;
        options.AdditionalProperties!["llama.dry_sequence_breakers"] = new List<object> { "\n", "|" };
        options.AdditionalProperties!["llama.logit_bias"] = new Dictionary<string, object?> { ["5"] = "-Infinity", ["7"] = 2 };

        SamplerPipeline samplers = SamplerReader.Read(options, null, Default);

        Assert.Equal(
            SamplerPipeline.Create(s => s
                .LogitBias(new Dictionary<int, double> { [5] = double.NegativeInfinity, [7] = 2 })
                .Penalties(repeat: 1.2)
                .Dry(sequenceBreakers: ["\n", "|"])
                .TopK(20)
                .TopP(0.9)
                .Xtc(0.25, 0.2)
                .Temperature(0.6)),
            samplers);
    }

    private static ChatOptions With(string key, object value) => new() { AdditionalProperties = new() { [key] = value } };
}
