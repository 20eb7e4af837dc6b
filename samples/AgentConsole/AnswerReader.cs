using AgentConsole.Tools;
using Microsoft.Extensions.AI;

namespace AgentConsole;

/// <summary>What came of a request.</summary>
/// <param name="Text">The answer, or as much of it as there was when it was stopped.</param>
/// <param name="Steps">The calls of tools before it, with their results.</param>
/// <param name="Stopped">Whether the user ended it.</param>
/// <param name="FinishReason">Why the model ended it; <see langword="null"/> when it was stopped.</param>
/// <param name="Statistics">How long it took.</param>
internal sealed record Answer(string Text, IReadOnlyList<ChatMessage> Steps, bool Stopped, ChatFinishReason? FinishReason, Statistics Statistics);

/// <summary>Reads the stream of an answer to its end and prints it on the way.</summary>
internal sealed class AnswerReader(IChatClient client, TimeProvider time)
{
    /// <summary>Asks, prints and collects.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">How to answer.</param>
    /// <param name="printer">Receives the text; its last line is closed in every case.</param>
    /// <param name="showStep">Shows a call of a tool, or its result.</param>
    /// <param name="showWaiting">Wraps the wait for the first update, which takes long when the prompt is long.</param>
    /// <param name="cancellationToken">Stops the answer, which is no error here.</param>
    public async Task<Answer> ReadAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions options,
        AnswerPrinter printer,
        Action<string> showStep,
        Func<Task<bool>, Task<bool>>? showWaiting,
        CancellationToken cancellationToken)
    {
        var clock = new AnswerClock(time);
        var received = new List<ChatResponseUpdate>();
        bool stopped = false;
        try
        {
            await using IAsyncEnumerator<ChatResponseUpdate> updates =
                client.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            Task<bool> first = updates.MoveNextAsync().AsTask();
            for (bool more = await (showWaiting?.Invoke(first) ?? first); more; more = await updates.MoveNextAsync())
            {
                ChatResponseUpdate update = updates.Current;
                if (update.Text.Length > 0)
                {
                    clock.MarkText();
                    printer.Write(update.Text);
                }

                received.Add(update);
                ShowSteps(update, printer, showStep);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            stopped = true;
        }
        finally
        {
            printer.EndLine();
        }

        ChatResponse response = received.ToChatResponse();
        bool endsWithStep = response.Messages is [.., var last] && last.Contents.Any(static content => content is FunctionCallContent or FunctionResultContent);
        int answer = endsWithStep ? response.Messages.Count : Math.Max(0, response.Messages.Count - 1);

        // A call that was stopped has no result, and a conversation with such a call cannot go on.
        ChatMessage[] steps = stopped ? [] : [.. response.Messages.Take(answer)];
        string text = stopped ? response.Text : string.Concat(response.Messages.Skip(answer).Select(static message => message.Text));
        return new Answer(text, steps, stopped, stopped ? null : response.FinishReason, clock.Stop(stopped ? null : response.Usage));
    }

    private static void ShowSteps(ChatResponseUpdate update, AnswerPrinter printer, Action<string> showStep)
    {
        foreach (AIContent content in update.Contents)
        {
            string? step = content switch
            {
                FunctionCallContent call => ToolText.Describe(call),
                FunctionResultContent result => ToolText.Describe(result),
                _ => null,
            };
            if (step is not null)
            {
                printer.EndLine();
                showStep(step);
            }
        }
    }
}
