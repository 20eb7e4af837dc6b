namespace LlamaProvider.Options;

/// <summary>The keys of <see cref="Microsoft.Extensions.AI.ChatOptions.AdditionalProperties"/> that belong to this library.</summary>
internal static class LlamaOptionKeys
{
    /// <summary>Begins every key of this library; keys of others are left alone.</summary>
    public const string Prefix = "llama.";

    /// <summary>A whole sampler pipeline.</summary>
    public const string Samplers = Prefix + "samplers";

    /// <summary>How a request stands among others.</summary>
    public const string Priority = Prefix + "priority";

    /// <summary>What happens to a conversation that is longer than the context.</summary>
    public const string ContextOverflow = Prefix + "context_overflow";

    /// <summary>LoRA adapters and their scales.</summary>
    public const string Adapters = Prefix + "lora";

    /// <summary>On an answer's message: how many messages were left out of the prompt.</summary>
    public const string OmittedMessages = Prefix + "omitted_messages";
}
