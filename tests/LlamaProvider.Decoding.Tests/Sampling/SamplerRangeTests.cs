using System.Text.Json;
using LlamaProvider.Decoding.Sampling;

namespace LlamaProvider.Decoding.Tests.Sampling;

/// <summary>Values out of their range, as they arrive in JSON: the message has the option, the value and the rule.</summary>
public sealed class SamplerRangeTests
{
    [Theory]
    [InlineData("\"penalties\",\"repeat_penalty\":0", "repeat_penalty is 0, but must be above 0, and finite.")]
    [InlineData("\"penalties\",\"repeat_penalty\":\"Infinity\"", "repeat_penalty is Infinity, but must be above 0, and finite.")]
    [InlineData("\"penalties\",\"frequency_penalty\":\"NaN\"", "frequency_penalty is NaN, but must be a finite number.")]
    [InlineData("\"penalties\",\"presence_penalty\":\"-Infinity\"", "presence_penalty is -Infinity, but must be a finite number.")]
    [InlineData("\"penalties\",\"repeat_last_n\":0", "repeat_last_n is 0, but must be 1 or more.")]
    [InlineData("\"dry\",\"dry_multiplier\":-0.1", "dry_multiplier is -0.1, but must be 0 or more, and finite.")]
    [InlineData("\"dry\",\"dry_base\":0.9", "dry_base is 0.9, but must be 1 or more, and finite.")]
    [InlineData("\"dry\",\"dry_allowed_length\":0", "dry_allowed_length is 0, but must be 1 or more.")]
    [InlineData("\"dry\",\"dry_penalty_last_n\":-1", "dry_penalty_last_n is -1, but must be 1 or more.")]
    [InlineData("\"no_repeat_ngram\",\"no_repeat_ngram_size\":0", "no_repeat_ngram_size is 0, but must be 1 or more.")]
    [InlineData("\"exponential_decay_length\",\"decay_start\":-1,\"decay_factor\":2", "decay_start is -1, but must be 0 or more.")]
    [InlineData("\"exponential_decay_length\",\"decay_start\":1,\"decay_factor\":0", "decay_factor is 0, but must be above 0, and finite.")]
    [InlineData("\"top_n_sigma\",\"top_n_sigma\":0", "top_n_sigma is 0, but must be above 0, and finite.")]
    [InlineData("\"top_k\",\"top_k\":-1", "top_k is -1, but must be 0 or more.")]
    [InlineData("\"typ_p\",\"typical_p\":1.01", "typical_p is 1.01, but must be between 0 and 1.")]
    [InlineData("\"typ_p\",\"typical_p\":1,\"min_keep\":0", "min_keep is 0, but must be 1 or more.")]
    [InlineData("\"top_p\",\"top_p\":-0.5", "top_p is -0.5, but must be between 0 and 1.")]
    [InlineData("\"top_p\",\"top_p\":\"NaN\"", "top_p is NaN, but must be between 0 and 1.")]
    [InlineData("\"top_p\",\"top_p\":1,\"min_keep\":0", "min_keep is 0, but must be 1 or more.")]
    [InlineData("\"min_p\",\"min_p\":2", "min_p is 2, but must be between 0 and 1.")]
    [InlineData("\"min_p\",\"min_p\":1,\"min_keep\":0", "min_keep is 0, but must be 1 or more.")]
    [InlineData("\"epsilon_cutoff\",\"epsilon_cutoff\":2", "epsilon_cutoff is 2, but must be between 0 and 1.")]
    [InlineData("\"epsilon_cutoff\",\"epsilon_cutoff\":1,\"min_keep\":0", "min_keep is 0, but must be 1 or more.")]
    [InlineData("\"eta_cutoff\",\"eta_cutoff\":-1", "eta_cutoff is -1, but must be between 0 and 1.")]
    [InlineData("\"eta_cutoff\",\"eta_cutoff\":1,\"min_keep\":0", "min_keep is 0, but must be 1 or more.")]
    [InlineData("\"top_h\",\"top_h\":1.5", "top_h is 1.5, but must be between 0 and 1.")]
    [InlineData("\"top_h\",\"top_h\":1,\"top_h_candidates\":0", "top_h_candidates is 0, but must be 1 or more.")]
    [InlineData("\"xtc\",\"xtc_probability\":1.5", "xtc_probability is 1.5, but must be between 0 and 1.")]
    [InlineData("\"xtc\",\"xtc_threshold\":0.6", "xtc_threshold is 0.6, but must be between 0 and 0.5.")]
    [InlineData("\"xtc\",\"min_keep\":0", "min_keep is 0, but must be 1 or more.")]
    [InlineData("\"temperature\",\"temperature\":-1", "temperature is -1, but must be 0 or more, and finite.")]
    [InlineData("\"dynamic_temperature\",\"temperature\":-1,\"dynatemp_range\":1", "temperature is -1, but must be 0 or more, and finite.")]
    [InlineData("\"dynamic_temperature\",\"temperature\":1,\"dynatemp_range\":-1", "dynatemp_range is -1, but must be 0 or more, and finite.")]
    [InlineData("\"dynamic_temperature\",\"temperature\":1,\"dynatemp_range\":1,\"dynatemp_exponent\":-1", "dynatemp_exponent is -1, but must be 0 or more, and finite.")]
    [InlineData("\"mirostat\",\"mirostat_tau\":0", "mirostat_tau is 0, but must be above 0, and finite.")]
    [InlineData("\"mirostat\",\"mirostat_eta\":-1", "mirostat_eta is -1, but must be 0 or more, and finite.")]
    [InlineData("\"mirostat\",\"mirostat_m\":1", "mirostat_m is 1, but must be 2 or more.")]
    [InlineData("\"mirostat_v2\",\"mirostat_tau\":-5", "mirostat_tau is -5, but must be above 0, and finite.")]
    [InlineData("\"mirostat_v2\",\"mirostat_eta\":\"Infinity\"", "mirostat_eta is Infinity, but must be 0 or more, and finite.")]
    [InlineData("\"adaptive_p\",\"adaptive_target\":1.5", "adaptive_target is 1.5, but must be between 0 and 1.")]
    [InlineData("\"adaptive_p\",\"adaptive_target\":0.5,\"adaptive_decay\":1", "adaptive_decay is 1, but must be between 0 and 0.99.")]
    public void Create_OutOfRange_SaysValueRuleAndRemedy(string component, string message)
    {
        InvalidSamplerException error = Throws(component);

        Assert.Equal($"{message} Change it, or leave it out.", error.Message);
        Assert.Equal(message.Split(' ')[0], error.Option);
    }

    [Theory]
    [InlineData("\"dry\",\"dry_sequence_breakers\":[\"\\n\",\"\"]")]
    [InlineData("\"dry\",\"dry_sequence_breakers\":[null]")]
    public void Create_EmptyBreaker_SaysRuleAndRemedy(string component) => Assert.Equal(
        "dry_sequence_breakers holds an empty text, which would break every repetition. Remove it; an empty list means no breakers.", Throws(component).Message);

    [Theory]
    [InlineData("\"custom\",\"sampler\":\"\"")]
    [InlineData("\"custom\",\"sampler\":\" \"")]
    public void Create_EmptySamplerName_SaysTheRemedy(string component) => Assert.Equal(
        "The name of a custom sampler is empty. Give the name that it is registered under.", Throws(component).Message);

    /// <summary>The error of the component's constructor, which the reader of JSON puts a place before.</summary>
    private static InvalidSamplerException Throws(string component)
    {
        var error = Assert.Throws<InvalidSamplerException>(() => SamplerPipeline.FromJson(JsonDocument.Parse($"[{{\"type\":{component}}}]").RootElement));
        var inner = Assert.IsType<InvalidSamplerException>(error.InnerException);
        Assert.Equal($"samplers[0] ({component.Split('"')[1]}): {inner.Message}", error.Message);
        Assert.Equal(inner.Option, error.Option);
        return inner;
    }
}
