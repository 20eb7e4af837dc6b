using LlamaProvider.Decoding.Sampling;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>What <see cref="ChatOptions.RawRepresentationFactory"/> may return for a <see cref="Chat.LlamaChatClient"/>. What is set here wins over everything else.</summary>
public sealed class LlamaGenerationOptions
{
    /// <summary>How tokens are chosen. Default: what the other options say.</summary>
    public SamplerPipeline? Samplers { get; set; }
}
