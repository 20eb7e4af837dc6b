namespace LlamaProvider.Chat.Messages.Repair;

/// <summary>
/// Whose turn it is: neighbours of one role are joined where the template refuses or loses them; where it wants a user message first or at all, an empty one is put in; and
/// where it refuses that the assistant says nothing, it says a space.
/// </summary>
internal static class TurnRule
{
    public static List<PromptMessage> Apply(List<PromptMessage> messages, TemplateTraits traits, RepairGate gate)
    {
        var turns = new List<PromptMessage>();
        foreach (PromptMessage message in messages)
        {
            if (turns.Count > 0 && MustJoin(turns[^1], message, traits))
            {
                gate.Pass(message, $"follows another {message.Role} message", "does not write both");
                turns[^1] = Join(turns[^1], message);
            }
            else
            {
                turns.AddRange(Before(message, turns, traits, gate));
                turns.Add(message);
            }
        }

        if (turns.Count > 0 && turns.TrueForAll(IsSystem) && !traits.WritesSystemAlone)
        {
            gate.Pass(turns[0], "is followed by no user message", "wants one");
            turns.Add(EmptyUser);
        }

        return turns.Exists(IsSilent) && !traits.WritesEmptyAssistant ? turns.ConvertAll(turn => IsSilent(turn) ? Speaking(turn, gate) : turn) : turns;
    }

    /// <summary>What must come before a message.</summary>
    private static IEnumerable<PromptMessage> Before(PromptMessage message, List<PromptMessage> turns, TemplateTraits traits, RepairGate gate)
    {
        if (message.Role == PromptMessage.Assistant && turns.TrueForAll(IsSystem) && !traits.WritesLeadingAssistant)
        {
            gate.Pass(message, "comes before any user message", "wants a user message first");
            return [EmptyUser];
        }

        if (message.Role == PromptMessage.User && turns is [.., { Role: PromptMessage.Tool }] && !traits.WritesUserAfterResult)
        {
            gate.Pass(message, "follows a function's result", "wants the assistant's answer first");
            return [new PromptMessage { Role = PromptMessage.Assistant, Source = message.Source }];
        }

        return [];
    }

    private static bool IsSystem(PromptMessage message) => message.Role == PromptMessage.System;

    private static bool IsSilent(PromptMessage message) => message.Role == PromptMessage.Assistant && message.Text.Length == 0 && message.Calls.IsEmpty;

    private static PromptMessage Speaking(PromptMessage message, RepairGate gate)
    {
        gate.Pass(message, "is empty", "refuses an empty one");
        return message with { Text = " " };
    }

    private static PromptMessage EmptyUser { get; } = new() { Role = PromptMessage.User };

    /// <summary>A call keeps its own message, since its results follow it.</summary>
    private static bool MustJoin(PromptMessage last, PromptMessage next, TemplateTraits traits) => last.Role == next.Role && last.Role switch
    {
        PromptMessage.User => !traits.WritesAdjacentUsers,
        PromptMessage.Assistant => last.Calls.IsEmpty && !traits.WritesAdjacentAssistants,
        _ => false,
    };

    private static PromptMessage Join(PromptMessage last, PromptMessage next) => last with
    {
        Text = MessageText.Join([last.Text, next.Text]),
        Reasoning = MessageText.Join([last.Reasoning, next.Reasoning]),
        Calls = next.Calls,
        Name = last.Name == next.Name ? last.Name : null,
    };
}
