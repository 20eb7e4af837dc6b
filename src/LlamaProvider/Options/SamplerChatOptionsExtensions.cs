using System.Text.Json;
using LlamaProvider.Decoding.Sampling;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>Sampler pipelines on <see cref="ChatOptions"/>.</summary>
/// <remarks>
/// A pipeline is stored as JSON under <c>llama.samplers</c> of <see cref="ChatOptions.AdditionalProperties"/>, so it survives cloning, JSON, the key of a
/// distributed cache, and the mapping of Semantic Kernel's settings. It replaces the default pipeline as a whole: <see cref="ChatOptions.Temperature"/>,
/// <see cref="ChatOptions.TopP"/>, <see cref="ChatOptions.TopK"/>, <see cref="ChatOptions.FrequencyPenalty"/> and <see cref="ChatOptions.PresencePenalty"/>
/// edit only the default one. <see cref="ChatOptions.Seed"/> always counts.
/// </remarks>
public static class SamplerChatOptionsExtensions
{
    /// <summary>Chooses tokens by a pipeline of these stages, in this order.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="build">Adds the stages.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidSamplerException">A value is out of its range, or there are two selectors.</exception>
    /// <example><code>options.UseSamplers(s => s.Penalties(repeat: 1.1).TopK(40).TopP(.95).MinP(.05).Temperature(.7))</code></example>
    public static ChatOptions UseSamplers(this ChatOptions options, Action<SamplerPipelineBuilder> build) =>
        options.UseSamplers(SamplerPipeline.Create(build));

    /// <summary>Chooses tokens by a pipeline, for example a preset such as <see cref="SamplerPipeline.Creative"/>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="samplers">The pipeline.</param>
    /// <returns>The options.</returns>
    public static ChatOptions UseSamplers(this ChatOptions options, SamplerPipeline samplers)
    {
        ArgumentNullException.ThrowIfNull(samplers);
        return OptionValue.Set(options, LlamaOptionKeys.Samplers, samplers.ToJson());
    }

    /// <summary>The pipeline that <see cref="UseSamplers(ChatOptions, SamplerPipeline)"/> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The pipeline, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="InvalidSamplerException">What is stored is malformed.</exception>
    public static SamplerPipeline? GetSamplers(this ChatOptions options) => OptionValue.Find(options, LlamaOptionKeys.Samplers) switch
    {
        null => null,
        SamplerPipeline samplers => samplers,
        var value => SamplerPipeline.FromJson(OptionValue.ToJson(LlamaOptionKeys.Samplers, value)),
    };
}
