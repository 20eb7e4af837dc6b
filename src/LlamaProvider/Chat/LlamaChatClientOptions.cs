using LlamaProvider.Chat.Messages;

namespace LlamaProvider.Chat;

/// <summary>How a chat client turns messages into prompts.</summary>
public sealed class LlamaChatClientOptions
{
    /// <summary>The chat template, in Jinja. Default: the one in the model file.</summary>
    public string? ChatTemplate { get; set; }

    /// <summary>What happens to a conversation that the template refuses, or of which it would leave something out. Default: it is repaired.</summary>
    public MessageRepair MessageRepair { get; set; }

    /// <summary>
    /// Tokens that may wait for a slow reader of a stream before the engine leaves its request out of further steps. Default: 64. Range: 1 and more.
    /// </summary>
    public int StreamCapacity { get; set; } = 64;

    /// <summary>
    /// How the model writes tool calls: <c>hermes</c> (JSON between <c>&lt;tool_call&gt;</c> tags), <c>granite</c>, <c>llama3</c>, <c>mistral</c>, <c>functionary</c>,
    /// <c>qwen3-coder</c> or <c>lfm2</c>. Default: what the chat template shows, else <c>hermes</c>, described in the prompt.
    /// </summary>
    public string? ToolFormat { get; set; }
}
