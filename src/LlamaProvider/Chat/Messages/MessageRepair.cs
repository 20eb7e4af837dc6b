namespace LlamaProvider.Chat.Messages;

/// <summary>What happens to a conversation that the model's chat template refuses, or of which it would leave something out.</summary>
public enum MessageRepair
{
    /// <summary>It is brought into a form that the template writes: neighbours of one role are joined, a system message goes before the user's text, and so on, see docs/messages.md.</summary>
    Repair,

    /// <summary>It is an error that names the message and what the template does about it.</summary>
    Refuse,
}
