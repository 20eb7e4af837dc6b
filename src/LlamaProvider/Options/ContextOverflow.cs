namespace LlamaProvider.Options;

/// <summary>What happens to a conversation that is longer than the context.</summary>
public enum ContextOverflow
{
    /// <summary>The request fails with <see cref="Decoding.Scheduling.ContextOverflowException"/>. The default.</summary>
    Error,

    /// <summary>
    /// The oldest turns are left out of the prompt, as few as are needed; system messages and the last user message stay. How many messages were left out is
    /// on the answer's message, under <c>llama.omitted_messages</c> of its additional properties.
    /// </summary>
    TruncateOldest,

    /// <summary>
    /// An answer that reaches the context's end goes on: system messages stay (at the least the beginning-of-text token), the older half of what follows them is
    /// forgotten, and the rest moves down. The prompt itself must fit, or the request fails as with <see cref="Error"/>. Needs a model whose memory can do it
    /// (<see cref="Decoding.Model.ModelCapabilities.CanShift"/>). Set <see cref="Microsoft.Extensions.AI.ChatOptions.MaxOutputTokens"/> too: the answer of a model
    /// that does not end it by itself has no other end.
    /// </summary>
    Shift,
}
