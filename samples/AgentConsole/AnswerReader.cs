using System.Text;
using Microsoft.Extensions.AI;

namespace AgentConsole;

/// <summary>What came of a request.</summary>
/// <param name="Text">The answer, or as much of it as there was when it was stopped.</param>
/// <param name="Stopped">Whether the user ended it.</param>
/// <param name="FinishReason">Why the model ended it; <see langword="null"/> when it was stopped.</param>
/// <param name="Statistics">How long it took.</param>
internal sealed record Answer(string Text, bool Stopped, ChatFinishReason? FinishReason, Statistics Statistics);

/// <summary>Reads the stream of an answer to its end and prints it on the way.</summary>
internal sealed class AnswerReader(IChatClient client, TimeProvider time)
{
    /// <summary>Asks, prints and collects.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">How to answer.</param>
    /// <param name="printer">Receives the text; its last line is closed in every case.</param>
    /// <param name="showWaiting">Wraps the wait for the first update, which takes long when the prompt is long.</param>
    /// <param name="cancellationToken">Stops the answer, which is no error here.</param>
    public async Task<Answer> ReadAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions options,
        AnswerPrinter printer,
        Func<Task<bool>, Task<bool>>? showWaiting,
        CancellationToken cancellationToken)
    {
        var clock = new AnswerClock(time);
        var text = new StringBuilder();
        UsageDetails? usage = null;
        ChatFinishReason? finishReason = null;
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
                    text.Append(update.Text);
                    printer.Write(update.Text);
                }

                usage = update.Contents.OfType<UsageContent>().LastOrDefault()?.Details ?? usage;
                finishReason = update.FinishReason ?? finishReason;
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

        return new Answer(text.ToString(), stopped, finishReason, clock.Stop(usage));
    }
}
