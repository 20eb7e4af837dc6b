namespace LlamaProvider.Scoring;

/// <summary>Counts how many answers say the same.</summary>
internal sealed class ConsistencyScorer : IAnswerScorer
{
    public ValueTask<IReadOnlyList<double>> ScoreAsync(AnswerScoringRequest request, CancellationToken cancellationToken)
    {
        string[] meanings = [.. request.Candidates.Select(static candidate => CanonicalAnswer.Of(candidate.Text))];
        return ValueTask.FromResult<IReadOnlyList<double>>([.. meanings.Select(meaning => (double)meanings.Count(other => other == meaning))]);
    }
}
