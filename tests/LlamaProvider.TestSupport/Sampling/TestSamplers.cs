using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.TestSupport.Sampling;

/// <summary>Samplers without an engine.</summary>
internal static class TestSamplers
{
    public static TokenSampler Create(this SamplerPipeline pipeline, Vocabulary vocabulary, int[] prompt, ulong seed = 1, int rollbackTokens = 0) =>
        new(new BoundPipeline(pipeline, new SamplerBinding(vocabulary), new SamplerWorkspacePool()), prompt, seed, rollbackTokens);

    public static TokenSampler Greedy(Vocabulary vocabulary, int[] prompt) => SamplerPipeline.Deterministic.Create(vocabulary, prompt);
}
