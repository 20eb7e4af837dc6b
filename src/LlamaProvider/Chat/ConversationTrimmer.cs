using LlamaProvider.Chat.Messages;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>Leaves the oldest turns of a conversation out.</summary>
/// <remarks>
/// A turn begins with a user message and ends before the next, unless a call would lose its result by that. System messages, and the last turn, always stay.
/// </remarks>
internal static class ConversationTrimmer
{
    /// <summary>The conversation without as few turns as make its prompt short enough.</summary>
    /// <param name="request">What the prompt is made of.</param>
    /// <param name="limit">The most tokens of the prompt.</param>
    /// <param name="build">Makes a prompt.</param>
    /// <param name="kept">What the prompt was made of.</param>
    /// <returns>The prompt; too long still when even the last turn is.</returns>
    public static List<int> BuildWithin(PromptRequest request, int limit, Func<PromptRequest, List<int>> build, out PromptRequest kept)
    {
        int[] starts = FindTurns(request.Messages);
        List<int> prompt = build(request);
        kept = request;
        if (prompt.Count <= limit || starts.Length < 2)
        {
            return prompt;
        }

        // The prompt gets shorter with each turn that goes, so the smallest number is found by halving.
        (int fewest, int most) = (1, starts.Length - 1);
        while (fewest < most)
        {
            int middle = (fewest + most) / 2;
            (fewest, most) = build(From(request, starts[middle])).Count <= limit ? (fewest, middle) : (middle + 1, most);
        }

        kept = From(request, starts[fewest]);
        return build(kept);
    }

    /// <summary>Where turns begin. What precedes the first user message, but for system messages, belongs to the first turn.</summary>
    private static int[] FindTurns(IReadOnlyList<ChatMessage> messages)
    {
        bool[] parts = FindParts(messages);
        return [.. Enumerable.Range(0, messages.Count).Where(index => messages[index].Role == ChatRole.User && !parts[index])];
    }

    /// <summary>The messages before which a cut would part a result from its call.</summary>
    private static bool[] FindParts(IReadOnlyList<ChatMessage> messages)
    {
        var parts = new bool[messages.Count];
        var calls = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int index = 0; index < messages.Count; index++)
        {
            foreach (AIContent content in messages[index].Contents)
            {
                if (content is FunctionCallContent call)
                {
                    calls[call.CallId] = index;
                }
                else if (content is FunctionResultContent result && calls.TryGetValue(result.CallId, out int from))
                {
                    parts.AsSpan(from + 1, index - from).Fill(true);
                }
            }
        }

        return parts;
    }

    private static PromptRequest From(PromptRequest request, int start) => request with
    {
        Messages = [.. request.Messages.Where((message, index) => index >= start || MessageReader.IsSystem(message))],
    };
}
