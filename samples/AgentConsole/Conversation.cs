using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace AgentConsole;

/// <summary>A question and what the model said to it.</summary>
/// <param name="Question">The user's message.</param>
/// <param name="Answer">The model's; as far as it got when it was stopped.</param>
/// <param name="Stopped">Whether the user ended the answer early.</param>
internal sealed record Turn(string Question, string Answer, bool Stopped = false)
{
    /// <summary>The calls of tools before the answer, with their results.</summary>
    public ImmutableArray<ChatMessage> Steps { get; init; } = [];
}

/// <summary>What has been said so far. Immutable: a step that fails leaves the conversation that it began with.</summary>
internal sealed record Conversation
{
    public static Conversation Empty { get; } = new();

    /// <summary>What the model should be or do.</summary>
    public string? System { get; init; }

    /// <summary>The answered questions, oldest first.</summary>
    public ImmutableArray<Turn> Turns { get; init; } = [];

    /// <summary>The last question, as long as it has no answer.</summary>
    public string? Unanswered { get; init; }

    public Conversation Ask(string question) => this with { Unanswered = question };

    /// <summary>Closes the open question. One that was stopped before the first word stays open: an empty answer would only confuse the model.</summary>
    public Conversation Answer(string text, bool stopped, IEnumerable<ChatMessage>? steps = null) => Unanswered is null || (stopped && text.Length == 0)
        ? this
        : this with { Turns = Turns.Add(new Turn(Unanswered, text, stopped) { Steps = steps?.ToImmutableArray() ?? [] }), Unanswered = null };

    /// <summary>The conversation with its last question open again, or <see langword="null"/> when nothing was asked yet.</summary>
    public Conversation? Reopen() => this switch
    {
        { Unanswered: not null } => this,
        { Turns: [.. var earlier, var last] } => this with { Turns = [.. earlier], Unanswered = last.Question },
        _ => null,
    };

    /// <summary>Forgets the turns. An open question stays, so that it can be asked again in the room this makes.</summary>
    public Conversation Reset() => this with { Turns = [] };

    public IEnumerable<ChatMessage> ToMessages()
    {
        if (System is not null)
        {
            yield return new ChatMessage(ChatRole.System, System);
        }

        foreach (Turn turn in Turns)
        {
            yield return new ChatMessage(ChatRole.User, turn.Question);
            foreach (ChatMessage step in turn.Steps)
            {
                yield return step;
            }

            yield return new ChatMessage(ChatRole.Assistant, turn.Answer);
        }

        if (Unanswered is not null)
        {
            yield return new ChatMessage(ChatRole.User, Unanswered);
        }
    }
}
