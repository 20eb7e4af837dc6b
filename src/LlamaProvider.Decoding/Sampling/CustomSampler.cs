using System.Text.Json;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>A stage of your own, registered with an engine by name and used as <see cref="SamplerPipelineBuilder.Custom"/>.</summary>
/// <remarks>
/// One instance serves one request. Whatever <see cref="Apply"/> does must follow from its arguments alone: a request may hold several sequences (beams), go
/// back some tokens (drafts) and begin again (preemption), so an instance must not remember earlier calls. It runs between the evaluations of all requests,
/// perhaps beside those of other requests on other threads; time spent here is time that every request waits.
/// </remarks>
public interface ICustomSampler
{
    /// <summary>Edits the candidates' logits. What is set to negative infinity, or to anything not finite, is no longer a candidate.</summary>
    /// <param name="context">The tokens so far, the vocabulary, and a random source.</param>
    /// <param name="tokens">The candidates' tokens, ascending.</param>
    /// <param name="logits">Their logits, to be changed in place; those of tokens that an earlier stage or a constraint removed may be negative infinity.</param>
    /// <exception cref="Exception">Whatever it throws fails this request alone and reaches its caller.</exception>
    void Apply(in CustomSamplerContext context, ReadOnlySpan<int> tokens, Span<float> logits);
}

/// <summary>Makes a custom stage for one request, before any work. Safe for concurrent calls.</summary>
/// <param name="parameters">The parameters that the request gives, or <see langword="null"/>.</param>
/// <returns>The stage.</returns>
/// <exception cref="ArgumentException">The parameters cannot be used; the message becomes part of the request's error.</exception>
public delegate ICustomSampler CustomSamplerFactory(JsonElement? parameters);

/// <summary>What a custom stage may know besides the candidates.</summary>
public readonly ref struct CustomSamplerContext
{
    private readonly ref Xoshiro256 _random;

    internal CustomSamplerContext(in StageContext context)
    {
        Vocabulary = context.Vocabulary;
        History = context.History;
        PromptLength = context.PromptLength;
        _random = ref context.Random;
    }

    /// <summary>The model's tokens.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The tokens of the prompt and of the answer so far.</summary>
    public ReadOnlySpan<int> History { get; }

    /// <summary>How many tokens of <see cref="History"/> are the prompt.</summary>
    public int PromptLength { get; }

    /// <summary>A number in [0, 1) from the request's own random source, so that the request's seed decides it.</summary>
    public double NextDouble() => _random.NextDouble();
}
