using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>What best-of-n has drawn, on its response.</summary>
public static class CandidateResponseExtensions
{
    /// <summary>The answers that were drawn, best first; the first one is the response's. Empty for a response of another kind.</summary>
    /// <param name="response">The response of a <see cref="LlamaChatClient"/>. They are not serialised with it.</param>
    public static IReadOnlyList<LlamaCandidate> GetCandidates(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.RawRepresentation is LlamaAnswer answer ? answer.Candidates : [];
    }

    /// <summary>The answers that were drawn, best first, on the last update of a stream; empty on all others.</summary>
    /// <param name="update">The update.</param>
    public static IReadOnlyList<LlamaCandidate> GetCandidates(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.RawRepresentation is LlamaAnswer answer ? answer.Candidates : [];
    }
}
