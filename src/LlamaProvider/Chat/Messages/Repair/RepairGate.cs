namespace LlamaProvider.Chat.Messages.Repair;

/// <summary>Says whether a conversation may be changed.</summary>
internal sealed class RepairGate(MessageRepair mode)
{
    /// <summary>Called before a change.</summary>
    /// <param name="message">The message that makes it necessary.</param>
    /// <param name="what">What the message does.</param>
    /// <param name="rule">What the template does about it.</param>
    /// <exception cref="ChatMessageException">Changes are refused.</exception>
    public void Pass(PromptMessage message, string what, string rule)
    {
        if (mode == MessageRepair.Refuse)
        {
            int index = message.Source ?? 0;
            throw new ChatMessageException(
                index,
                null,
                $"Message {index} ({message.Role}) {what}, but the model's chat template {rule}. " +
                $"Change the conversation, or allow changes with {nameof(LlamaChatClientOptions)}.{nameof(LlamaChatClientOptions.MessageRepair)}.");
        }
    }
}
