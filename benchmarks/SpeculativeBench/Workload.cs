using LlamaProvider.Decoding.Sampling;

namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>Requests of one kind.</summary>
/// <param name="Name">What the figure is called.</param>
/// <param name="Samplers">How tokens are chosen.</param>
/// <param name="Drafting">What drafts.</param>
/// <param name="MaxTokens">The most tokens of an answer.</param>
/// <param name="Questions">The user's messages.</param>
internal sealed record Workload(string Name, SamplerPipeline Samplers, Drafting Drafting, int MaxTokens, params string[] Questions);

/// <summary>What drafts.</summary>
[Flags]
internal enum Drafting
{
    None,
    Lookup = 1,
    Model = 2,
    Both = Lookup | Model,
}
