namespace LlamaProvider.Chat.Messages.Repair;

/// <summary>Brings a conversation into a form that its template writes completely. The rules are those of docs/messages.md, in this order.</summary>
internal static class ConversationShaper
{
    /// <param name="messages">The conversation as it was read.</param>
    /// <param name="request">The texts that join it, and how calls are written as text.</param>
    /// <param name="traits">What the template does.</param>
    /// <param name="gate">Allows or refuses each change.</param>
    public static List<PromptMessage> Shape(List<PromptMessage> messages, PromptRequest request, TemplateTraits traits, RepairGate gate)
    {
        List<PromptMessage> shaped = ParallelCallRule.Apply(messages, traits, gate);
        shaped = ToolTextRule.Apply(shaped, request.ToolNotation, traits, gate);
        shaped = CallIdRule.Apply(shaped, traits, gate);
        shaped = SystemRule.Apply(shaped, request, traits, gate);
        return TurnRule.Apply(shaped, traits, gate);
    }
}
