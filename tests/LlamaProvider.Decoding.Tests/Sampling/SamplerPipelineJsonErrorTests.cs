using System.Text.Json;
using LlamaProvider.Decoding.Sampling;

namespace LlamaProvider.Decoding.Tests.Sampling;

public sealed class SamplerPipelineJsonErrorTests
{
    private const string Types =
        "logit_bias, penalties, dry, no_repeat_ngram, exponential_decay_length, top_n_sigma, top_k, typ_p, top_p, min_p, epsilon_cutoff, eta_cutoff, top_h, xtc, infill, "
        + "temperature, dynamic_temperature, custom, greedy, categorical, mirostat, mirostat_v2, adaptive_p";

    [Theory]
    [InlineData("""{"top_k":40}""", """samplers is {"top_k":40}, but must be an array of objects with a "type", such as [{"type":"top_k","top_k":40}].""")]
    [InlineData("null", """samplers is null, but must be an array of objects with a "type", such as [{"type":"top_k","top_k":40}].""")]
    [InlineData(
        "\"0123456789012345678901234567890123456789012345678901234567890123456789\"",
        "samplers is \"01234567890123456789012345678901234567890123456789012345678…, but must be an array of objects with a \"type\", such as [{\"type\":\"top_k\",\"top_k\":40}].")]
    public void FromJson_NotAnArray_ShowsWhatItIs(string json, string message) => AssertError("samplers", message, json);

    [Fact]
    public void FromJson_NoType_NamesAll() => AssertError("samplers[1]", $"samplers[1] has no \"type\". Name one of: {Types}.", """["dry",{"top_k":40}]""");

    [Theory]
    [InlineData("""[{"type":"topk"}]""", "\"topk\"")]
    [InlineData("""["TOP_K"]""", "\"TOP_K\"")]
    [InlineData("""[{"type":7}]""", "7")]
    [InlineData("[40]", "40")]
    [InlineData("[null]", "null")]
    [InlineData("[[]]", "[]")]
    public void FromJson_UnknownType_NamesAll(string json, string type) => AssertError("samplers[0]", $"samplers[0] is of type {type}, but must be one of: {Types}.", json);

    [Fact]
    public void FromJson_UnknownMember_NamesIt() => AssertError(
        "samplers[0]",
        "samplers[0] (top_k) has 'k', which it does not know. It takes: top_k, keep_ties.",
        """[{"type":"top_k","k":40}]""");

    [Theory]
    [InlineData("""[{"type":"top_k","top_k":40.5}]""", "samplers[0] (top_k) cannot be read: '40.5' is not a whole number from -2147483647 to 2147483647.")]
    [InlineData("""[{"type":"top_k","top_k":"many"}]""", "samplers[0] (top_k) cannot be read: 'many' is not a whole number from -2147483647 to 2147483647.")]
    [InlineData("""[{"type":"top_k","top_k":3e9}]""", "samplers[0] (top_k) cannot be read: '3000000000' is not a whole number from -2147483647 to 2147483647.")]
    [InlineData("""[{"type":"top_k","top_k":true}]""", "samplers[0] (top_k) cannot be read: A True is not a whole number.")]
    [InlineData("""[{"type":"top_p","top_p":"much"}]""", "samplers[0] (top_p) cannot be read: 'much' is not a number.")]
    [InlineData("""[{"type":"top_p","top_p":[]}]""", "samplers[0] (top_p) cannot be read: A StartArray is not a number.")]
    [InlineData("""[{"type":"top_k","top_k":1,"keep_ties":1}]""", "samplers[0] (top_k) cannot be read: Only true and false can be read here.")]
    public void FromJson_WrongKindOfValue_ShowsIt(string json, string message) => AssertError("samplers[0]", message, json);

    [Fact]
    public void FromJson_MemberOfAComponentWithout_SaysSo() => AssertError(
        "samplers[0]", "samplers[0] (greedy) has 'top_k', which it does not know. It takes no values.", """[{"type":"greedy","top_k":1}]""");

    [Theory]
    [InlineData("""["top_k"]""", "top_k", "top_k")]
    [InlineData("""[{"type":"adaptive_p"}]""", "adaptive_p", "adaptive_target")]
    [InlineData("""[{"type":"dynamic_temperature","temperature":1}]""", "dynamic_temperature", "dynatemp_range")]
    public void FromJson_ValueMissing_NamesIt(string json, string type, string name) =>
        AssertError("samplers[0]", $"samplers[0] ({type}) lacks '{name}', which it needs. Give the value.", json);

    [Fact]
    public void FromJson_ValueOutOfRange_SaysWhere() => AssertError(
        "top_p", "samplers[1] (top_p): top_p is 2, but must be between 0 and 1. Change it, or leave it out.", """["infill",{"type":"top_p","top_p":2}]""");

    [Theory]
    [InlineData("""[{"type":"logit_bias","logit_bias":null}]""", "logit_bias")]
    [InlineData("""[{"type":"logit_bias","logit_bias":{"word":1}}]""", "logit_bias")]
    [InlineData("""[{"type":"dry","dry_sequence_breakers":"\n"}]""", "dry")]
    [InlineData("""[{"type":"custom","sampler":5}]""", "custom")]
    public void FromJson_WrongKindOfContainer_NamesThePlace(string json, string name)
    {
        InvalidSamplerException error = Assert.Throws<InvalidSamplerException>(() => Read(json));

        Assert.Equal("samplers[0]", error.Option);
        Assert.StartsWith($"samplers[0] ({name}) cannot be read: ", error.Message);
    }

    private static void AssertError(string option, string message, string json)
    {
        InvalidSamplerException error = Assert.Throws<InvalidSamplerException>(() => Read(json));

        Assert.Equal(message, error.Message);
        Assert.Equal(option, error.Option);
    }

    private static SamplerPipeline Read(string json) => SamplerPipeline.FromJson(JsonDocument.Parse(json).RootElement);
}
