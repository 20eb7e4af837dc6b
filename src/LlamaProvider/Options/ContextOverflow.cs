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
}
