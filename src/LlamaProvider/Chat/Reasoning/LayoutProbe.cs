using System.Text.Json;
using LlamaProvider.Templates;

namespace LlamaProvider.Chat.Reasoning;

/// <summary>Renders a conversation by a template; <see langword="null"/> when the template refuses it.</summary>
internal delegate string? ProbeRenderer(IReadOnlyList<ChatTemplateMessage> messages, bool addGenerationPrompt, IReadOnlyDictionary<string, JsonElement> variables);

/// <summary>Conversations that show how a template writes reasoning. Their texts are words that no template contains.</summary>
internal sealed class LayoutProbe(ProbeRenderer render)
{
    public const string Thought = "7d1f3b52";
    public const string Words = "9c4e81a6";
    private const string Question = "52be07d3";
    private const string Data = "c81f5d0e";

    private static readonly ChatTemplateMessage User = new() { Role = "user", Content = Question };
    private static readonly string[] Keys = ["reasoning_content", "reasoning", "thinking"];

    /// <summary>What follows the user's message in a prompt; <see langword="null"/> when the template refuses.</summary>
    public string? PromptTail(IReadOnlyDictionary<string, JsonElement> variables) => Tail(render([User], true, variables));

    /// <summary>The whole prompt.</summary>
    public string? Prompt(IReadOnlyDictionary<string, JsonElement> variables) => render([User], true, variables);

    /// <summary>What ends the user's message where no prompt for an answer follows.</summary>
    public string? UserTail(IReadOnlyDictionary<string, JsonElement> variables) => Tail(render([User], false, variables));

    /// <summary>What follows the user's message when an answer without reasoning does, as the last message or, which some templates treat otherwise, as an earlier one.</summary>
    public string? PlainTail(IReadOnlyDictionary<string, JsonElement> variables, bool isLast)
    {
        var answer = new ChatTemplateMessage { Role = "assistant", Content = Words };
        ChatTemplateMessage[] messages = isLast ? [User, answer] : [User, answer, new() { Role = "user", Content = "A" }];
        return Tail(render(messages, false, variables)) is { } tail && tail.Contains(Words, StringComparison.Ordinal) ? tail : null;
    }

    /// <summary>The first rendering of an answer with reasoning that shows the reasoning, and the key under which it was given.</summary>
    public (string Tail, string? Key)? ReasonedTail(IReadOnlyDictionary<string, JsonElement> variables)
    {
        foreach ((ChatTemplateMessage message, string? key) in Reasoned())
        {
            if (Tail(render([User, message], false, variables)) is { } tail && tail.Contains(Thought, StringComparison.Ordinal) && !tail.Contains(Data, StringComparison.Ordinal))
            {
                return (tail, key);
            }
        }

        return null;
    }

    private static IEnumerable<(ChatTemplateMessage Message, string? Key)> Reasoned()
    {
        foreach (string key in Keys)
        {
            yield return (new ChatTemplateMessage { Role = "assistant", Content = Words, Additional = Value(key) }, key);
        }

        // A template that prints parts as data, which it does not understand, shows the one key that no template reads.
        ChatTemplatePart[] parts = [new() { Type = "thinking", Additional = new Dictionary<string, JsonElement>(Value("thinking")) { [Data] = JsonElement.Parse("1") } }, new() { Type = "text", Text = Words }];
        yield return (new ChatTemplateMessage { Role = "assistant", Parts = parts }, null);
        var call = new ChatTemplateToolCall { Id = "call00001", Name = "f", Arguments = JsonElement.Parse("{}") };
        foreach (string key in Keys)
        {
            yield return (new ChatTemplateMessage { Role = "assistant", ToolCalls = [call], Additional = Value(key) }, key);
        }
    }

    private static Dictionary<string, JsonElement> Value(string key) => new() { [key] = JsonElement.Parse($"\"{Thought}\"") };

    private static string? Tail(string? text) => text?.IndexOf(Question, StringComparison.Ordinal) is >= 0 and int start ? text[(start + Question.Length)..] : null;
}
