namespace LlamaProvider.Chat.Messages.Repair;

/// <summary>A template that writes one call a message gets one message for each call, and after each the results of that call.</summary>
internal static class ParallelCallRule
{
    public static List<PromptMessage> Apply(List<PromptMessage> messages, TemplateTraits traits, RepairGate gate)
    {
        if (!messages.Exists(message => message.Calls.Length > 1) || traits.Calls == CallForm.None || traits.WritesParallelCalls)
        {
            return messages;
        }

        var split = new List<PromptMessage>();
        for (int index = 0; index < messages.Count; index++)
        {
            PromptMessage message = messages[index];
            if (message.Calls.Length < 2)
            {
                split.Add(message);
                continue;
            }

            gate.Pass(message, $"makes {message.Calls.Length} calls", "writes one call a message");
            int end = index + 1;
            while (end < messages.Count && messages[end].Role == PromptMessage.Tool)
            {
                end++;
            }

            Split(message, messages[(index + 1)..end], split);
            index = end - 1;
        }

        return split;
    }

    private static void Split(PromptMessage message, List<PromptMessage> results, List<PromptMessage> split)
    {
        for (int index = 0; index < message.Calls.Length; index++)
        {
            PromptCall call = message.Calls[index];
            split.Add(index == 0 ? message with { Calls = [call] } : new PromptMessage { Role = message.Role, Source = message.Source, Name = message.Name, Calls = [call] });
            split.AddRange(results.Where(result => result.CallId == call.Id));
        }

        // Late results of earlier calls.
        split.AddRange(results.Where(result => message.Calls.All(call => call.Id != result.CallId)));
    }
}
