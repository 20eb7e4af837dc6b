using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Chat;

/// <summary>What a request asks of the decoding, checked and complete.</summary>
/// <param name="Samplers">How tokens are chosen.</param>
/// <param name="Seed">Of the draws.</param>
/// <param name="MaxTokens">The most tokens of the answer; <see langword="null"/> for no limit but the context's.</param>
/// <param name="Stops">Texts that end the answer.</param>
/// <param name="Priority">How the request stands among others.</param>
internal sealed record GenerationSettings(SamplerPipeline Samplers, ulong Seed, int? MaxTokens, StopSequences Stops, int Priority);
