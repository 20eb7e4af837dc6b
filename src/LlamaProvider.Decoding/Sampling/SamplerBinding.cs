using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>What a pipeline is bound to before it runs: the model's tokens, and the stages that were registered by name.</summary>
/// <param name="Vocabulary">The model's tokens.</param>
/// <param name="CustomSamplers">Makes a registered stage from a request's parameters.</param>
internal sealed record SamplerBinding(Vocabulary Vocabulary, IReadOnlyDictionary<string, CustomSamplerFactory> CustomSamplers)
{
    public SamplerBinding(Vocabulary vocabulary)
        : this(vocabulary, new Dictionary<string, CustomSamplerFactory>())
    {
    }
}
