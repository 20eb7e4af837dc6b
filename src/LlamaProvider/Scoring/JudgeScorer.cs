using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Scoring;

/// <summary>Has another model grade answers, all at once.</summary>
/// <param name="judge">The model.</param>
/// <param name="instructions">What it is told to look at.</param>
internal sealed class JudgeScorer(IChatClient judge, string instructions) : IAnswerScorer
{
    private static readonly JsonElement Grade = JsonElement.Parse(
        """{"type":"object","properties":{"grade":{"type":"integer","minimum":0,"maximum":10}},"required":["grade"],"additionalProperties":false}""");

    public async ValueTask<IReadOnlyList<double>> ScoreAsync(AnswerScoringRequest request, CancellationToken cancellationToken) =>
        await Task.WhenAll(request.Candidates.Select(candidate => GradeAsync(request.Question, candidate.Text, cancellationToken))).ConfigureAwait(false);

    private async Task<double> GradeAsync(string question, string answer, CancellationToken cancellationToken)
    {
        ChatMessage[] messages =
        [
            new(ChatRole.System, $"{instructions} Reply with JSON that has a grade from 0 (worst) to 10 (best)."),
            new(ChatRole.User, $"Question:\n{question}\n\nAnswer:\n{answer}"),
        ];
        var options = new ChatOptions { Temperature = 0, ResponseFormat = ChatResponseFormat.ForJsonSchema(Grade, "grade") };
        ChatResponse response = await judge.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        using JsonDocument document = JsonDocument.Parse(response.Text);
        return document.RootElement.GetProperty("grade").GetDouble();
    }
}
