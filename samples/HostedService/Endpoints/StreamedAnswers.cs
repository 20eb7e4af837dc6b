using Microsoft.Extensions.AI;

namespace HostedService.Endpoints;

/// <summary>The streams of a request's choices as one. It is started before anything is written, so that an error at the start has a status of its own.</summary>
internal sealed class StreamedAnswers : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancellation;
    private readonly IAsyncEnumerator<ChatResponseUpdate>[] _streams;

    // Whether each stream has a next update; null for one that has ended.
    private readonly Task<bool>?[] _next;

    private StreamedAnswers(IChatClient client, IReadOnlyList<Choice> choices, CancellationToken cancellationToken)
    {
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _streams = [.. choices.Select(choice => client.GetStreamingResponseAsync(choice.Messages, choice.Options, _cancellation.Token).GetAsyncEnumerator(_cancellation.Token))];
        _next = [.. _streams.Select(static stream => stream.MoveNextAsync().AsTask())];
    }

    /// <summary>Starts all streams and waits for the first update of each.</summary>
    /// <exception cref="Exception">What kept one of them from starting; none runs then.</exception>
    public static async Task<StreamedAnswers> StartAsync(IChatClient client, IReadOnlyList<Choice> choices, CancellationToken cancellationToken)
    {
        var answers = new StreamedAnswers(client, choices, cancellationToken);
        try
        {
            foreach (Task<bool>? first in answers._next)
            {
                await first!;
            }

            return answers;
        }
        catch
        {
            await answers.DisposeAsync();
            throw;
        }
    }

    /// <summary>The updates, with the choice that each belongs to, in the order in which they come.</summary>
    public async IAsyncEnumerable<(int Choice, ChatResponseUpdate Update)> ReadAsync()
    {
        while (Array.Exists(_next, static next => next is not null))
        {
            await Task.WhenAny(_next.OfType<Task<bool>>());

            // A round takes one update of every choice that is ready, so that none starves another.
            for (int choice = 0; choice < _next.Length; choice++)
            {
                if (_next[choice] is not { IsCompleted: true } next)
                {
                    continue;
                }

                if (await next)
                {
                    yield return (choice, _streams[choice].Current);
                    _next[choice] = _streams[choice].MoveNextAsync().AsTask();
                }
                else
                {
                    _next[choice] = null;
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _cancellation.CancelAsync();
        for (int choice = 0; choice < _streams.Length; choice++)
        {
            // An enumerator is not disposed while it moves; what a cancelled one throws has been said, or is no news.
            await ((Task?)_next[choice] ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _streams[choice].DisposeAsync();
        }

        _cancellation.Dispose();
    }
}
