using LlamaProvider.Decoding.Scheduling;
using Microsoft.Extensions.AI;
using Spectre.Console;

namespace AgentConsole;

/// <summary>The conversation and the questions put to the model. What goes wrong is shown, and never costs what was said before.</summary>
internal sealed class ChatSession(IAnsiConsole console, ChatView view, IChatClient client, ChatOptions options, Interrupts interrupts, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly AnswerReader _reader = new(client, time);

    public Conversation Conversation { get; set; } = Conversation.Empty;

    /// <summary>Whether errors are shown with their stack traces.</summary>
    public bool Verbose { get; init; }

    public Task AskAsync(string question)
    {
        Conversation = Conversation.Ask(question);
        return AnswerAsync(Conversation);
    }

    public async Task RetryAsync()
    {
        if (Conversation.Reopen() is not { } reopened)
        {
            view.Note("There is no question to ask again.");
            return;
        }

        string? before = Conversation.Turns is [.., var last] ? last.Answer : null;
        bool answered = await AnswerAsync(reopened);
        if (answered && Conversation.Turns[^1] is { Stopped: false } turn && turn.Answer == before)
        {
            view.Note("The same answer as before. --temperature above 0, without --seed, gives others.");
        }
    }

    /// <summary>Has the open question of a conversation answered; the session takes the conversation over once it is.</summary>
    private async Task<bool> AnswerAsync(Conversation asked)
    {
        try
        {
            Answer answer = await interrupts.RunAsync(token => _reader.ReadAsync(
                asked.ToMessages(), options, new AnswerPrinter(console.Profile.Out.Writer, console.Profile.Out.IsTerminal), view.Note, ShowWaitingAsync, token));
            view.Summary(answer, options);
            Conversation answered = asked.Answer(answer.Text, answer.Stopped, answer.Steps);
            bool isAnswered = answered != asked;
            Conversation = isAnswered ? answered : Conversation;
            return isAnswered;
        }
        catch (ContextOverflowException overflow)
        {
            view.Overflow(overflow, asked);
        }
        catch (Exception error)
        {
            // Whatever a client throws, the conversation is worth more than the end of the program.
            view.Error(error.Message);
            view.Note("Your message is kept: /retry asks it again.");
            if (Verbose)
            {
                view.Exception(error);
            }
        }

        return false;
    }

    /// <summary>A sign of life while a long prompt is read.</summary>
    private async Task<bool> ShowWaitingAsync(Task<bool> first)
    {
        if (!console.Profile.Capabilities.Ansi || await Task.WhenAny(first, Task.Delay(Patience, time)) == first)
        {
            return await first;
        }

        console.Markup("[dim]reading …[/]");
        try
        {
            return await first;
        }
        finally
        {
            console.Profile.Out.Writer.Write("\r\e[K");
        }
    }
}
