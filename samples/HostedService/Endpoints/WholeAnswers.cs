using Microsoft.Extensions.AI;

namespace HostedService.Endpoints;

/// <summary>Answers a request's choices at once; they share the engine's batches.</summary>
internal static class WholeAnswers
{
    /// <exception cref="Exception">The first error of a choice; the others are cancelled then.</exception>
    public static async Task<ChatResponse[]> GetAsync(IChatClient client, IReadOnlyList<Choice> choices, CancellationToken cancellationToken)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<ChatResponse>[] answers = [.. choices.Select(choice => client.GetResponseAsync(choice.Messages, choice.Options, all.Token))];
        try
        {
            await foreach (Task<ChatResponse> answer in Task.WhenEach(answers))
            {
                await answer;
            }
        }
        catch
        {
            // Nobody will read the others.
            await all.CancelAsync();
            await ((Task)Task.WhenAll(answers)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await Task.WhenAll(answers);
    }
}
