using LlamaProvider.Chat;
using LlamaProvider.Decoding;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Scoring;

/// <summary>Judges several answers to one conversation. Registered with the engine by name (<see cref="LlamaEngineOptions.AnswerScorers"/>).</summary>
/// <remarks>
/// One instance serves all requests of an engine, several at once, so it is safe for concurrent use. It is called when all answers are generated and the engine holds nothing of the request any
/// more, never on the engine's thread, so it may take its time and ask any model, this engine's too. What it throws fails its request alone.
/// </remarks>
public interface IAnswerScorer
{
    /// <summary>Judges the answers.</summary>
    /// <param name="request">The conversation and the answers.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>A score for each answer in their order; higher is better. Of equal scores the more likely answer wins. Range: any but NaN.</returns>
    ValueTask<IReadOnlyList<double>> ScoreAsync(AnswerScoringRequest request, CancellationToken cancellationToken);
}

/// <summary>What an answer scorer judges. Immutable.</summary>
public sealed class AnswerScoringRequest
{
    internal AnswerScoringRequest(IReadOnlyList<ChatMessage> messages, IReadOnlyList<LlamaCandidate> candidates) => (Messages, Candidates) = (messages, candidates);

    /// <summary>The conversation, oldest message first.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>The answers, the most likely first.</summary>
    public IReadOnlyList<LlamaCandidate> Candidates { get; }

    /// <summary>The text of the last user message; empty when there is none.</summary>
    public string Question => Messages.LastOrDefault(static message => message.Role == ChatRole.User)?.Text ?? "";
}

/// <summary>An answer scorer failed, or gave what are no scores.</summary>
public sealed class AnswerScoringException : LlamaException
{
    internal AnswerScoringException(string scorer, string message, Exception? innerException = null)
        : base(message, innerException) => Scorer = scorer;

    /// <summary>The scorer's name.</summary>
    public string Scorer { get; }
}
