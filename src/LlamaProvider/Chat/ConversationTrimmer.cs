using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>Leaves the oldest turns of a conversation out.</summary>
/// <remarks>A turn begins with a user message and ends before the next. System messages, and the last turn, always stay.</remarks>
internal static class ConversationTrimmer
{
    /// <summary>The conversation without as few turns as make its prompt short enough.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="limit">The most tokens of the prompt.</param>
    /// <param name="build">Makes a prompt of messages.</param>
    /// <param name="omitted">How many messages were left out.</param>
    /// <returns>The prompt; too long still when even the last turn is.</returns>
    public static List<int> BuildWithin(IReadOnlyList<ChatMessage> messages, int limit, Func<IReadOnlyList<ChatMessage>, List<int>> build, out int omitted)
    {
        int[] starts = FindTurns(messages);
        List<int> prompt = build(messages);
        omitted = 0;
        if (prompt.Count <= limit || starts.Length < 2)
        {
            return prompt;
        }

        // The prompt gets shorter with each turn that goes, so the smallest number is found by halving.
        (int fewest, int most) = (1, starts.Length - 1);
        while (fewest < most)
        {
            int middle = (fewest + most) / 2;
            (fewest, most) = build(From(messages, starts[middle])).Count <= limit ? (fewest, middle) : (middle + 1, most);
        }

        List<ChatMessage> kept = From(messages, starts[fewest]);
        omitted = messages.Count - kept.Count;
        return build(kept);
    }

    /// <summary>Where turns begin. What precedes the first user message, but for system messages, belongs to the first turn.</summary>
    private static int[] FindTurns(IReadOnlyList<ChatMessage> messages) =>
        [.. Enumerable.Range(0, messages.Count).Where(index => messages[index].Role == ChatRole.User)];

    private static List<ChatMessage> From(IReadOnlyList<ChatMessage> messages, int start) =>
        [.. messages.Where((message, index) => index >= start || message.Role == ChatRole.System)];
}
