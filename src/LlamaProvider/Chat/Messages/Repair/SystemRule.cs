namespace LlamaProvider.Chat.Messages.Repair;

/// <summary>
/// One system message in front holds the instructions, the system messages that the conversation begins with, and what is said about tools and the form of the
/// answer. A template that writes none gets this text before the user's, or as a user message. A later system message that is not written where it stands joins the
/// user message after it, or is one.
/// </summary>
internal static class SystemRule
{
    public static List<PromptMessage> Apply(List<PromptMessage> messages, PromptRequest request, TemplateTraits traits, RepairGate gate)
    {
        int count = messages.FindIndex(message => message.Role != PromptMessage.System) is >= 0 and int first ? first : messages.Count;
        List<PromptMessage> rest = Later(messages[count..], traits, gate);
        string[] texts = [request.Instructions ?? "", .. messages[..count].Select(message => message.Text), request.ToolText ?? "", request.FormatText ?? ""];
        string text = MessageText.Join(texts);
        if (count == 0 && text.Length == 0)
        {
            return rest;
        }

        if (traits.WritesSystem)
        {
            return [new PromptMessage { Role = PromptMessage.System, Source = count > 0 ? 0 : null, Name = count == 1 ? messages[0].Name : null, Text = text }, .. rest];
        }

        if (count > 0)
        {
            gate.Pass(messages[0], "is a system message", "writes none");
        }

        return text.Length == 0 ? rest : BeforeUser(text, rest);
    }

    private static List<PromptMessage> Later(List<PromptMessage> messages, TemplateTraits traits, RepairGate gate)
    {
        if (!messages.Exists(message => message.Role == PromptMessage.System) || (traits.WritesSystem && traits.WritesLaterSystem))
        {
            return messages;
        }

        var moved = new List<PromptMessage>();
        bool joins = false;
        foreach (PromptMessage message in messages)
        {
            bool isSystem = message.Role == PromptMessage.System;
            if (isSystem)
            {
                gate.Pass(message, "is a system message that follows others", "does not write it where it stands");
            }

            PromptMessage written = isSystem ? message with { Role = PromptMessage.User, Name = null } : message;
            if (joins && written.Role == PromptMessage.User)
            {
                moved[^1] = written with { Text = MessageText.Join([moved[^1].Text, written.Text]) };
            }
            else
            {
                moved.Add(written);
            }

            joins = isSystem;
        }

        return moved;
    }

    private static List<PromptMessage> BeforeUser(string text, List<PromptMessage> messages) => messages is [{ Role: PromptMessage.User } first, .. var rest]
        ? [first with { Text = MessageText.Join([text, first.Text]) }, .. rest]
        : [new PromptMessage { Role = PromptMessage.User, Text = text }, .. messages];
}
