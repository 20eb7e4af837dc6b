namespace LlamaProvider.Chat.Messages.Repair;

/// <summary>Calls and results that a template has no place for become text: a call of the assistant's message, a result of a user message.</summary>
internal static class ToolTextRule
{
    public static List<PromptMessage> Apply(List<PromptMessage> messages, IToolNotation notation, TemplateTraits traits, RepairGate gate)
    {
        bool writesCalls = !messages.Exists(message => message.Calls.Length > 0) || traits.Calls != CallForm.None;
        bool writesResults = !messages.Exists(message => message.Role == PromptMessage.Tool) || traits.WritesResults;
        return writesCalls && writesResults
            ? messages
            : messages.ConvertAll(message =>
                message.Calls.Length > 0 && !writesCalls ? CallsAsText(message, notation, gate)
                : message.Role == PromptMessage.Tool && !writesResults ? ResultAsText(message, notation, gate)
                : message);
    }

    private static PromptMessage CallsAsText(PromptMessage message, IToolNotation notation, RepairGate gate)
    {
        gate.Pass(message, "calls functions", "writes no calls");
        IEnumerable<string> calls = message.Calls.Select(call => notation.WriteCall(call.Name, call.Arguments));
        return message with { Text = string.Join('\n', message.Text.Length > 0 ? [message.Text, .. calls] : calls), Calls = [] };
    }

    private static PromptMessage ResultAsText(PromptMessage message, IToolNotation notation, RepairGate gate)
    {
        gate.Pass(message, "holds a function's result", "writes no results");
        return new PromptMessage { Role = PromptMessage.User, Source = message.Source, Text = notation.WriteResult(message.Name!, message.Text) };
    }
}
