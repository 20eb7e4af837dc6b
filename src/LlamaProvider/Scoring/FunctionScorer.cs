using LlamaProvider.Chat;

namespace LlamaProvider.Scoring;

/// <summary>Judges each answer by itself.</summary>
/// <param name="score">Judges one.</param>
internal sealed class FunctionScorer(Func<LlamaCandidate, double> score) : IAnswerScorer
{
    public ValueTask<IReadOnlyList<double>> ScoreAsync(AnswerScoringRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<double>>([.. request.Candidates.Select(score)]);
}
