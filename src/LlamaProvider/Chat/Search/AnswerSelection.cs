using LlamaProvider.Scoring;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Search;

/// <summary>Has the answers of best-of-n judged and puts them in order.</summary>
/// <param name="name">The scorer's name, for errors.</param>
/// <param name="scorer">The scorer.</param>
/// <param name="messages">The conversation.</param>
internal sealed class AnswerSelection(string name, IAnswerScorer scorer, IReadOnlyList<ChatMessage> messages)
{
    /// <summary>The answers with their scores, best first; of equal scores the more likely one.</summary>
    /// <exception cref="AnswerScoringException">The scorer failed, or gave what are no scores.</exception>
    public async Task<IReadOnlyList<LlamaCandidate>> RankAsync(IReadOnlyList<LlamaCandidate> candidates, CancellationToken cancellationToken)
    {
        IReadOnlyList<double> scores;
        try
        {
            scores = await scorer.ScoreAsync(new AnswerScoringRequest(messages, candidates), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new AnswerScoringException(name, $"The answer scorer '{name}' failed: {error.Message} Mend the scorer, or name another one.", error);
        }

        Require(scores, candidates.Count);
        return [.. candidates
            .Select((candidate, index) => candidate.WithScore(scores[index]))
            .OrderByDescending(static candidate => candidate.Score)
            .ThenByDescending(static candidate => candidate.Likelihood)];
    }

    private void Require(IReadOnlyList<double>? scores, int count)
    {
        if (scores?.Count != count)
        {
            throw new AnswerScoringException(name, $"The answer scorer '{name}' gave {scores?.Count ?? 0} scores for {count} answers. Mend the scorer, or name another one.");
        }

        if (scores.Any(double.IsNaN))
        {
            throw new AnswerScoringException(
                name, $"The answer scorer '{name}' gave NaN for answer {scores.ToList().FindIndex(double.IsNaN)}, but a score is a number. Mend the scorer, or name another one.");
        }
    }
}
